//! Duplicate names.

use std::fmt;

use super::declared::{AnnotatedFunction, ItemKind};
use super::index::{Item, functions_in_order, index};

/// A name that two different statics of one kind have, or two functions. Displayed as a sentence
/// that gives their places, and says what to do.
///
/// ```
/// for duplicate in resilience::registry().duplicates() {
///     eprintln!("{} {}", duplicate.kind(), duplicate.name());
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Duplicate {
    kind: ItemKind,
    name: &'static str,
    bearers: Vec<Bearer>,
}

/// A static or function that shares its name.
#[derive(Clone, Debug)]
struct Bearer {
    functions: Vec<&'static AnnotatedFunction>,
    listed: Option<(&'static str, u32)>,
}

impl Duplicate {
    /// Kind of the statics, or that they are functions.
    #[must_use]
    pub const fn kind(&self) -> ItemKind {
        self.kind
    }

    /// The name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The functions that have this path, or that name one of the statics.
    pub fn functions(&self) -> impl Iterator<Item = &'static AnnotatedFunction> + use<'_> {
        self.bearers.iter().flat_map(|bearer| &bearer.functions).copied()
    }
}

/// Findings of [`Registry::check`](crate::Registry::check). Displayed with one line for each
/// finding, which gives the place and says what to do.
///
/// ```
/// match resilience::registry().check() {
///     Ok(()) => println!("all names are unique"),
///     Err(error) => println!("{} names are not unique: {error}", error.duplicates().len()),
/// }
/// ```
#[derive(Clone, Debug)]
pub struct CheckError {
    duplicates: Vec<Duplicate>,
}

impl CheckError {
    /// Duplicate names.
    #[must_use]
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }
}

impl std::error::Error for CheckError {}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("duplicate names:")?;
        self.duplicates.iter().try_for_each(|duplicate| write!(f, "\n- {duplicate}"))
    }
}

pub(super) fn check() -> Result<(), CheckError> {
    let duplicates = duplicates();
    if duplicates.is_empty() { Ok(()) } else { Err(CheckError { duplicates }) }
}

/// Functions first, then by kind and name.
pub(super) fn duplicates() -> Vec<Duplicate> {
    let functions = grouped(
        functions_in_order()
            .map(|function| {
                (
                    ItemKind::Function,
                    function.path(),
                    Bearer { functions: vec![function], listed: None },
                )
            })
            .collect(),
    );
    // What a function has of its own bears its path: that is said once, of the functions.
    let is_said = |named: &Duplicate| {
        functions.iter().any(|duplicate| {
            duplicate.name == named.name
                && named.functions().all(|function| function.path() == named.name)
        })
    };
    let mut statics = grouped(index().items.iter().filter_map(bearer).collect());
    statics.retain(|named| !is_said(named));
    functions.into_iter().chain(statics).collect()
}

fn bearer(item: &Item) -> Option<(ItemKind, &'static str, Bearer)> {
    let (kind, name) = item.declared.name()?;
    Some((kind, name, Bearer { functions: item.functions.clone(), listed: item.listed }))
}

/// Those of one kind and name together, where there are several.
fn grouped(mut all: Vec<(ItemKind, &'static str, Bearer)>) -> Vec<Duplicate> {
    all.sort_by_key(|(kind, name, _)| (*kind, *name));
    let same = all.chunk_by(|one, next| (one.0, one.1) == (next.0, next.1));
    same.filter(|group| group.len() > 1)
        .map(|group| Duplicate {
            kind: group[0].0,
            name: group[0].1,
            bearers: group.iter().map(|(_, _, bearer)| bearer.clone()).collect(),
        })
        .collect()
}

impl fmt::Display for Duplicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, name, bearers } = self;
        write!(f, "{} {} are called `{name}`: ", bearers.len(), kind.plural())?;
        if *kind == ItemKind::Function {
            list(f, self.functions(), |f, function| {
                write!(f, "{}:{}", function.file(), function.line())
            })?;
            return f.write_str(
                ". Tell them apart by `name = \"…\"` in one of the attributes of all but one",
            );
        }
        list(f, bearers.iter(), |f, bearer| bearer.fmt(f))?;
        f.write_str(". Give each a name of its own")
    }
}

impl fmt::Display for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (true, Some((file, line))) = (self.functions.is_empty(), self.listed) {
            return write!(f, "one listed at {file}:{line}");
        }
        f.write_str("one of ")?;
        list(f, self.functions.iter(), |f, function| {
            write!(f, "`{}` ({}:{})", function.path(), function.file(), function.line())
        })
    }
}

/// `a, b and c`
fn list<T>(
    f: &mut fmt::Formatter<'_>,
    all: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut fmt::Formatter<'_>, T) -> fmt::Result,
) -> fmt::Result {
    let mut all = all.peekable();
    let mut first = true;
    while let Some(one) = all.next() {
        f.write_str(match (first, all.peek()) {
            (true, _) => "",
            (false, Some(_)) => ", ",
            (false, None) => " and ",
        })?;
        write(f, one)?;
        first = false;
    }
    Ok(())
}
