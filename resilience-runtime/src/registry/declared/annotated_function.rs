//! Annotated functions.

use super::layer::Layer;
use crate::call_stats::CallStats;
use crate::function::Function;

/// An annotated function: its place in the code, its layers, and the counts of its calls.
///
/// ```
/// for function in resilience::registry().functions() {
///     let layers: Vec<_> = function.layers().iter().map(ToString::to_string).collect();
///     println!("{}:{} {}: {layers:?}", function.file(), function.line(), function.path());
/// }
/// ```
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

    /// Module path and name, or the name that `name = "…"` on one of its attributes gives.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.function.path()
    }

    /// File of the function, as [`file!`] gives it.
    #[must_use]
    pub const fn file(&self) -> &'static str {
        self.function.file()
    }

    /// Line of the function.
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.function.line()
    }

    /// Layers, outside to inside: the order in which the attributes are written.
    #[must_use]
    pub const fn layers(&self) -> &'static [Layer] {
        self.layers
    }

    /// Counts of its calls since the program started.
    #[must_use]
    pub fn stats(&self) -> CallStats {
        self.function.stats()
    }
}
