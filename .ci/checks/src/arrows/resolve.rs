//! Finds the file that defines an item, through re-exports and globs.

use std::collections::BTreeSet;

use crate::source::{Crate, Import, Module};

/// Meaning of a name or a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    Module(usize),
    /// An item, defined in this file.
    Item(usize),
    /// An item of another crate, re-exported by this file.
    Foreign(usize),
    /// Nothing of this name was found in this module.
    Missing(usize),
}

/// Looks up paths in a crate.
pub(crate) struct Resolver<'a> {
    source: &'a Crate,
}

/// Names that are being looked up, so that re-exports in a circle come to an end.
type Pending = BTreeSet<(usize, String)>;

impl<'a> Resolver<'a> {
    pub(crate) fn new(source: &'a Crate) -> Self {
        Self { source }
    }

    /// Meaning of `path` in a module: nothing if it belongs to another crate.
    pub(crate) fn path(&self, module: usize, path: &[String]) -> BTreeSet<Target> {
        self.walk(module, path, &mut Pending::new())
    }

    /// Files of the names that a glob import of a module brings in.
    pub(crate) fn glob(&self, module: usize) -> BTreeSet<Target> {
        let mut found = BTreeSet::from([Target::Module(module)]);
        for import in self.exports(module) {
            found.extend(self.path(module, &import.path));
        }
        found
    }

    /// Meaning of a name in a module: nothing if it belongs to another crate.
    pub(crate) fn name(&self, module: usize, name: &str) -> BTreeSet<Target> {
        self.lookup(module, name, &mut Pending::new()).unwrap_or_default()
    }

    fn exports(&self, module: usize) -> impl Iterator<Item = &'a Import> {
        self.module(module).imports.iter().filter(|import| import.exported)
    }

    fn module(&self, module: usize) -> &'a Module {
        &self.source.modules[module]
    }

    fn walk(&self, module: usize, path: &[String], pending: &mut Pending) -> BTreeSet<Target> {
        let Some((first, rest)) = path.split_first() else { return BTreeSet::new() };
        let mut found = match self.keyword(module, first) {
            Some(start) => BTreeSet::from([Target::Module(start)]),
            None => self.lookup(module, first, pending).unwrap_or_default(),
        };
        for (index, segment) in rest.iter().enumerate() {
            let modules: Vec<usize> = found.iter().filter_map(Target::module).collect();
            if modules.is_empty() {
                break; // The rest of the path leads into an item.
            }
            found = modules.iter().flat_map(|&at| self.step(at, segment, pending)).collect();
            let is_last = index + 1 == rest.len();
            if is_last && found.iter().any(|target| target.module().is_none()) {
                // An item beside a module of its name.
                found.retain(|target| target.module().is_none());
            }
        }
        found
    }

    /// Meaning of `segment` behind the path of a module.
    fn step(&self, module: usize, segment: &str, pending: &mut Pending) -> BTreeSet<Target> {
        if let Some(other) = self.keyword(module, segment) {
            return BTreeSet::from([Target::Module(other)]);
        }
        let file = self.module(module).file;
        match self.lookup(module, segment, pending) {
            Some(found) if found.is_empty() => BTreeSet::from([Target::Foreign(file)]),
            Some(found) => found,
            None if self.source.files[file].is_node => BTreeSet::from([Target::Item(file)]),
            None => BTreeSet::from([Target::Missing(module)]),
        }
    }

    fn keyword(&self, module: usize, segment: &str) -> Option<usize> {
        match segment {
            "crate" => Some(0),
            "self" => Some(module),
            "super" => self.module(module).parent,
            _ => None,
        }
    }

    /// Meaning of a name in a module: `None` if it is not there, nothing if it is of another crate.
    fn lookup(&self, at: usize, name: &str, pending: &mut Pending) -> Option<BTreeSet<Target>> {
        if !pending.insert((at, name.to_owned())) {
            return None;
        }
        let module = self.module(at);
        let mut found: BTreeSet<Target> =
            module.children.get(name).map(|child| Target::Module(*child)).into_iter().collect();
        found.extend(module.items.get(name).map(|file| Target::Item(*file)));
        let mut is_known = !found.is_empty();
        for import in module.imports.iter().filter(|import| import.name.as_deref() == Some(name)) {
            is_known = true;
            found.extend(self.walk(at, &import.path, pending));
        }
        if !is_known {
            for import in module.imports.iter().filter(|import| import.name.is_none()) {
                let globbed = self.walk(at, &import.path, pending);
                is_known |= globbed.is_empty(); // A glob of another crate may bring in any name.
                for other in globbed.iter().filter_map(Target::module) {
                    let behind = self.lookup(other, name, pending);
                    is_known |= behind.is_some();
                    found.extend(behind.unwrap_or_default());
                }
            }
        }
        pending.remove(&(at, name.to_owned()));
        is_known.then_some(found)
    }
}

impl Target {
    pub(crate) fn module(&self) -> Option<usize> {
        match self {
            Self::Module(module) => Some(*module),
            _ => None,
        }
    }
}
