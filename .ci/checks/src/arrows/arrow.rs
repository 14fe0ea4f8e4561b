//! Arrows between the files of a crate.

use std::collections::{BTreeMap, BTreeSet};

use super::resolve::{Resolver, Target};
use crate::source::Crate;

/// The files that import each other, as indices, and where they do.
pub(crate) type Arrows = BTreeMap<(usize, usize), Vec<Place>>;

/// A line that makes an arrow, and the path that it names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) path: String,
}

/// A path whose item was not found: its arrow is unknown.
pub(crate) struct Unresolved {
    pub(crate) file: usize,
    pub(crate) place: Place,
}

/// Every arrow of a crate, and the paths that could not be followed.
pub(crate) fn arrows(source: &Crate) -> (Arrows, Vec<Unresolved>) {
    let mut drawn = Drawn { source, arrows: Arrows::new(), unresolved: Vec::new() };
    let resolver = Resolver::new(source);
    for (index, module) in source.modules.iter().enumerate() {
        let gathers = source.files[module.file].gathers;
        for import in &module.imports {
            let is_used = import.name.as_ref().is_none_or(|name| module.identifiers.contains(name));
            if gathers && import.exported && !is_used {
                continue; // A `mod.rs` that re-exports an item does not depend on it.
            }
            let mut targets = resolver.path(index, &import.path);
            let mut shown = import.path.join("::");
            if import.name.is_none() {
                let modules: Vec<usize> = targets.iter().filter_map(Target::module).collect();
                targets.extend(modules.iter().flat_map(|module| resolver.glob(*module)));
                shown.push_str("::*");
            }
            drawn.draw(module.file, targets, import.line, &shown);
        }
        for path in &module.paths {
            let first = path.segments[0].as_str();
            let is_absolute = matches!(first, "crate" | "self" | "super");
            let leads_on = || resolver.name(index, first).iter().any(|it| it.module().is_some());
            // Otherwise the first segment is an item, whose import is an arrow already.
            if is_absolute || leads_on() {
                let targets = resolver.path(index, &path.segments);
                drawn.draw(module.file, targets, path.line, &path.segments.join("::"));
            }
        }
        // The name of a macro reaches the modules below and after it, without an import.
        for call in &module.calls {
            let name = &call.segments[0];
            if let Some(&file) = source.macros.get(name) {
                let targets = BTreeSet::from([Target::Item(file)]);
                drawn.draw(module.file, targets, call.line, &format!("{name}!"));
            }
        }
    }
    for places in drawn.arrows.values_mut() {
        places.sort();
        places.dedup();
    }
    (drawn.arrows, drawn.unresolved)
}

struct Drawn<'a> {
    source: &'a Crate,
    arrows: Arrows,
    unresolved: Vec<Unresolved>,
}

impl Drawn<'_> {
    fn draw(&mut self, from: usize, targets: BTreeSet<Target>, line: usize, path: &str) {
        for target in targets {
            let place = Place { line, path: path.to_owned() };
            let to = match target {
                Target::Module(module) => self.source.modules[module].file,
                Target::Item(file) | Target::Foreign(file) => file,
                Target::Missing(_) => {
                    self.unresolved.push(Unresolved { file: from, place });
                    continue;
                }
            };
            if to != from && self.source.files[to].is_node {
                self.arrows.entry((from, to)).or_default().push(place);
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::Path;

    use super::arrows;
    use crate::source::{Crate, load_from};

    /// A crate named `c` of these files in `c/src`.
    pub(crate) fn made_of(files: &[(&str, &str)]) -> Crate {
        let read = |path: &Path| {
            let found = files.iter().find(|(name, _)| path == Path::new("c/src").join(name));
            found.map(|(_, text)| (*text).to_owned())
        };
        load_from("c", &read).expect("all files are there")
    }

    /// The arrows as `from > to`.
    fn drawn(files: &[(&str, &str)]) -> Vec<String> {
        let source = made_of(files);
        let (arrows, unresolved) = arrows(&source);
        assert!(unresolved.is_empty());
        let name = |file: usize| source.files[file].path.trim_start_matches("c/src/");
        let mut shown: Vec<String> =
            arrows.keys().map(|(from, to)| format!("{} > {}", name(*from), name(*to))).collect();
        shown.sort();
        shown
    }

    const ROOT: (&str, &str) = ("lib.rs", "mod a; mod b; pub use a::A;");

    #[test]
    fn an_import_leads_to_the_file_that_defines_the_item() {
        let a = [ROOT, ("a/mod.rs", "mod x; pub use x::A;"), ("a/x.rs", "pub struct A;")];
        for import in ["use crate::A;", "use crate::a::A;", "use super::a::A;", "use crate::a::*;"]
        {
            let files = [a.as_slice(), &[("b.rs", import)]].concat();
            assert_eq!(drawn(&files), ["b.rs > a/x.rs"], "{import}");
        }
    }

    #[test]
    fn an_inline_path_is_an_import() {
        let a = [ROOT, ("a/mod.rs", "mod x; pub use x::A;"), ("a/x.rs", "pub struct A;")];
        let inline = "use crate::a; fn f() -> u8 { a::A::new() }";
        for code in ["fn f() { crate::a::A::new() }", "fn f() { dbg!(super::A) }", inline] {
            let files = [a.as_slice(), &[("b.rs", code)]].concat();
            assert_eq!(drawn(&files), ["b.rs > a/x.rs"], "{code}");
        }
    }

    #[test]
    fn a_re_export_is_an_import_but_for_a_gathering_file_that_does_not_use_it() {
        let b = ("b.rs", "pub struct B;");
        let root = ("lib.rs", "mod a; mod b;");
        assert_eq!(drawn(&[root, b, ("a.rs", "pub use crate::b::B;")]), ["a.rs > b.rs"]);
        assert!(drawn(&[root, b, ("a/mod.rs", "pub use crate::b::B; fn f() {}")]).is_empty());
        let used = "pub use crate::b::B; fn f(_: B) {}";
        assert_eq!(drawn(&[root, b, ("a/mod.rs", used)]), ["a/mod.rs > b.rs"]);
    }

    #[test]
    fn the_call_of_a_macro_is_an_import() {
        let root = ("lib.rs", "#[macro_use] mod a; mod b;");
        let a = ("a.rs", "macro_rules! m { () => {} }");
        assert_eq!(drawn(&[root, a, ("b.rs", "fn f() { m!() }")]), ["b.rs > a.rs"]);
        assert!(drawn(&[root, a, ("b.rs", "fn f() { other!(); assert!(m != n) }")]).is_empty());
    }

    #[test]
    fn other_crates_and_tests_are_no_arrows() {
        let a = (
            "a.rs",
            "use std::fmt; #[cfg(test)] use crate::b::B; #[cfg(test)] mod tests { use crate::b; }",
        );
        assert!(drawn(&[("lib.rs", "mod a; mod b;"), a, ("b.rs", "pub struct B;")]).is_empty());
    }
}
