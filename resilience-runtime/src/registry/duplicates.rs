//! Names that should be unique, but are not.

use std::collections::BTreeSet;
use std::fmt;

use super::declared::{AnnotatedFunction, ItemKind};
use super::index::{Item, functions_in_order, index};
use super::living::{Living, living};
use super::no_effect::{NoEffect, without_effect};
use crate::outcome::OneLine;

/// Name of several statics of one kind, or of several functions. Displayed as a sentence with their
/// places, and the fix.
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
    owners: Vec<Owner>,
}

/// One of the items that share a name.
#[derive(Clone, Debug)]
struct Owner {
    /// The function itself, or the functions that name the static.
    functions: Vec<&'static AnnotatedFunction>,
    /// File and line of its `register!`, or of [`register`](crate::Registry::register).
    listed: Option<(&'static str, u32)>,
}

impl Duplicate {
    /// Returns the kind of the items that share the name.
    #[must_use]
    pub const fn kind(&self) -> ItemKind {
        self.kind
    }

    /// Returns the name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns an iterator over the functions with this path, or the functions that name one of the
    /// statics.
    pub fn functions(&self) -> impl Iterator<Item = &'static AnnotatedFunction> + use<'_> {
        self.owners.iter().flat_map(|owner| &owner.functions).copied()
    }
}

/// Findings of [`Registry::check`](crate::Registry::check). Displayed with one line per finding,
/// which has its place and the fix.
///
/// ```
/// match resilience::registry().check() {
///     Ok(()) => println!("all names are unique, and all declarations have an effect"),
///     Err(error) => println!("{error}"),
/// }
/// ```
#[derive(Clone, Debug)]
pub struct CheckError {
    duplicates: Vec<Duplicate>,
    without_effect: Vec<NoEffect>,
}

impl CheckError {
    /// Returns the names that should be unique, but are not.
    #[must_use]
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }

    /// Returns the declarations that have no effect.
    #[must_use]
    pub fn without_effect(&self) -> &[NoEffect] {
        &self.without_effect
    }
}

impl std::error::Error for CheckError {}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { duplicates, without_effect } = self;
        if !duplicates.is_empty() {
            f.write_str("duplicate names:")?;
            duplicates.iter().try_for_each(|duplicate| write!(f, "\n- {duplicate}"))?;
        }
        if !without_effect.is_empty() {
            f.write_str(if duplicates.is_empty() { "" } else { "\n" })?;
            f.write_str("declarations without an effect:")?;
            without_effect.iter().try_for_each(|found| write!(f, "\n- {found}"))?;
        }
        Ok(())
    }
}

pub(super) fn check() -> Result<(), CheckError> {
    let (duplicates, without_effect) = (duplicates(), without_effect().collect::<Vec<_>>());
    if duplicates.is_empty() && without_effect.is_empty() {
        return Ok(());
    }
    Err(CheckError { duplicates, without_effect })
}

/// Returns all duplicates: functions first, then sorted by kind and name.
pub(super) fn duplicates() -> Vec<Duplicate> {
    let functions = grouped(
        functions_in_order()
            .map(|function| {
                (
                    ItemKind::Function,
                    function.path(),
                    Owner { functions: vec![function], listed: None },
                )
            })
            .collect(),
    );
    // An inline policy has the path of its function, so the functions' duplicate covers it.
    let is_covered = |named: &Duplicate| {
        functions.iter().any(|duplicate| {
            duplicate.name == named.name
                && named.functions().all(|function| function.path() == named.name)
        })
    };
    let items = index().items.iter().filter_map(owner);
    let mut statics = grouped(items.chain(shared_owners()).collect());
    statics.retain(|named| !is_covered(named));
    functions.into_iter().chain(statics).collect()
}

fn owner(item: &Item) -> Option<(ItemKind, &'static str, Owner)> {
    let (kind, name) = item.declared.name()?;
    Some((kind, name, Owner { functions: item.functions.clone(), listed: item.listed }))
}

/// Returns an owner for each name, kind and place at which values have registered their policies:
/// values of one place may share a name.
fn shared_owners() -> impl Iterator<Item = (ItemKind, &'static str, Owner)> {
    let place = |shared: &Living| {
        let place = (shared.place.file(), shared.place.line());
        (shared.policy.kind(), shared.policy.name(), place)
    };
    let places: BTreeSet<_> = living().iter().map(place).collect();
    places.into_iter().map(|(kind, name, place)| {
        (kind, name, Owner { functions: Vec::new(), listed: Some(place) })
    })
}

/// Returns a duplicate for each kind and name that several owners share.
fn grouped(mut all: Vec<(ItemKind, &'static str, Owner)>) -> Vec<Duplicate> {
    all.sort_by_key(|(kind, name, _)| (*kind, *name));
    let groups = all.chunk_by(|left, right| (left.0, left.1) == (right.0, right.1));
    groups
        .filter(|group| group.len() > 1)
        .map(|group| Duplicate {
            kind: group[0].0,
            name: group[0].1,
            owners: group.iter().map(|(_, _, owner)| owner.clone()).collect(),
        })
        .collect()
}

impl fmt::Display for Duplicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, name, owners } = self;
        let (count, kinds, name) = (owners.len(), kind.plural(), OneLine(name));
        write!(f, "{count} {kinds} have the name `{name}`: ")?;
        if *kind == ItemKind::Function {
            list(f, self.functions(), |f, function| {
                write!(f, "{}:{}", function.file(), function.line())
            })?;
            return f.write_str(
                ". Write `name = \"…\"` with a unique name in an attribute of all but one",
            );
        }
        list(f, owners.iter(), |f, owner| owner.fmt(f))?;
        f.write_str(". Give each a unique name")
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (true, Some((file, line))) = (self.functions.is_empty(), self.listed) {
            return write!(f, "one listed at {file}:{line}");
        }
        f.write_str("one of ")?;
        list(f, self.functions.iter(), |f, function| {
            let path = OneLine(function.path());
            write!(f, "`{path}` ({}:{})", function.file(), function.line())
        })
    }
}

/// Writes a list as `a, b and c`.
fn list<T>(
    f: &mut fmt::Formatter<'_>,
    items: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut fmt::Formatter<'_>, T) -> fmt::Result,
) -> fmt::Result {
    let mut items = items.peekable();
    let mut is_first = true;
    while let Some(item) = items.next() {
        f.write_str(match (is_first, items.peek()) {
            (true, _) => "",
            (false, Some(_)) => ", ",
            (false, None) => " and ",
        })?;
        write(f, item)?;
        is_first = false;
    }
    Ok(())
}
