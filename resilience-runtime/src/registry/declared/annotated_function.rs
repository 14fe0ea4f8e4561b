//! Annotated functions.

use super::layer::Layer;
use crate::call_stats::CallStats;
use crate::function::Function;

/// An annotated function: where it stands, its layers, and what has become of its calls.
#[derive(Debug)]
pub struct AnnotatedFunction {
    function: &'static Function,
    layers: &'static [Layer],
}

inventory::collect!(AnnotatedFunction);

impl AnnotatedFunction {
    /// Made by the attributes.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(function: &'static Function, layers: &'static [Layer]) -> Self {
        Self { function, layers }
    }

    /// Module path and name, or what `name = "…"` on one of its attributes says.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.function.path()
    }

    /// The file it stands in, as [`file!`] gives it.
    #[must_use]
    pub const fn file(&self) -> &'static str {
        self.function.file()
    }

    /// The line it stands on.
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.function.line()
    }

    /// Its layers, outside to inside: the order in which the attributes are written.
    #[must_use]
    pub const fn layers(&self) -> &'static [Layer] {
        self.layers
    }

    /// What has become of its calls so far.
    #[must_use]
    pub fn stats(&self) -> CallStats {
        self.function.stats()
    }
}
