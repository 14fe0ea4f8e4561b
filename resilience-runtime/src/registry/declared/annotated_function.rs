//! Annotated functions.

use super::layer::Layer;
use crate::call_stats::CallStats;
use crate::function::Function;

/// Annotated function: its place in the code, its layers, and the counts of its calls.
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
    /// Creates the entry of a function; called by the attributes.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(function: &'static Function, layers: &'static [Layer]) -> Self {
        Self { function, layers }
    }

    /// Returns module path and name, or the value of `name = "…"` in one of its attributes.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.function.path()
    }

    /// Returns the file that contains the function, as [`file!`] returns it.
    #[must_use]
    pub const fn file(&self) -> &'static str {
        self.function.file()
    }

    /// Returns the line of the function, from 1.
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.function.line()
    }

    /// Returns the layers from the outside in: the order in which the attributes are written.
    #[must_use]
    pub const fn layers(&self) -> &'static [Layer] {
        self.layers
    }

    /// Returns the counts of its calls since the start of the program, or since
    /// [`reset`](Self::reset).
    #[must_use]
    pub fn stats(&self) -> CallStats {
        self.function.stats()
    }

    /// Sets the counts of its calls to zero, for a test. Calls under way are counted when they end.
    /// Its policies remember what they know: [`Registry::reset`](crate::Registry::reset) resets
    /// everything.
    pub fn reset(&self) {
        self.function.reset();
    }
}
