//! Counts and layers of one function, from the registry.

use resilience::{AnnotatedFunction, Stats, registry};

fn function(path: &str) -> &'static AnnotatedFunction {
    registry().function(path).unwrap_or_else(|| panic!("`{path}` is not annotated"))
}

/// Returns the counts of a function, by its path.
///
/// # Panics
///
/// If no annotated function has this path.
#[must_use]
#[track_caller]
pub fn stats_of(path: &str) -> Stats {
    function(path).stats()
}

/// Returns the layers of a function from the outside in, by its path.
///
/// # Panics
///
/// If no annotated function has this path.
#[must_use]
#[track_caller]
pub fn layers_of(path: &str) -> Vec<String> {
    function(path).layers().iter().map(ToString::to_string).collect()
}
