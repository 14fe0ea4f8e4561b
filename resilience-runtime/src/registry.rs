//! Every annotated function of the program, known from its start.

use std::fmt;

use crate::bulkhead::Bulkhead;
use crate::circuit_breaker::CircuitBreaker;
use crate::function::{Function, Stats};
use crate::retry::RetryPolicy;

/// The functions annotated in this program, across its crates.
///
/// They register at link time: the list is complete before `main`, whether or not they were ever called.
#[derive(Clone, Copy, Debug)]
pub struct Registry(());

/// The [`Registry`] of this program.
///
/// ```
/// for function in resilience::registry().functions() {
///     println!("{} at {}:{}", function.path(), function.file(), function.line());
/// }
/// ```
#[must_use]
pub const fn registry() -> Registry {
    Registry(())
}

impl Registry {
    /// Every annotated function, in no particular order.
    pub fn functions(&self) -> impl Iterator<Item = &'static AnnotatedFunction> + use<> {
        inventory::iter::<AnnotatedFunction>.into_iter()
    }

    /// The annotated function of this path, as in `my_app::payment::charge`.
    #[must_use]
    pub fn function(&self, path: &str) -> Option<&'static AnnotatedFunction> {
        self.functions().find(|function| function.path() == path)
    }
}

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
    pub fn stats(&self) -> Stats {
        self.function.stats()
    }
}

/// One layer of an annotated function. Displayed as its attribute: `circuit_breaker(payment)`.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Layer {
    /// `#[timeout]`
    Timeout,
    /// `#[retry]`
    Retry(Option<fn() -> &'static RetryPolicy>),
    /// `#[circuit_breaker]`, and its breaker unless an expression gives one anew for each call.
    CircuitBreaker(Option<fn() -> &'static CircuitBreaker>),
    /// `#[bulkhead]`, and its bulkhead unless an expression gives one anew for each call.
    Bulkhead(Option<fn() -> &'static Bulkhead>),
    /// `#[fallback]`
    Fallback,
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout => f.write_str("timeout"),
            Self::Retry(_) => f.write_str("retry"),
            Self::CircuitBreaker(None) => f.write_str("circuit_breaker"),
            Self::CircuitBreaker(Some(breaker)) => write!(f, "circuit_breaker({})", breaker().name()),
            Self::Bulkhead(None) => f.write_str("bulkhead"),
            Self::Bulkhead(Some(bulkhead)) => write!(f, "bulkhead({})", bulkhead().name()),
            Self::Fallback => f.write_str("fallback"),
        }
    }
}
