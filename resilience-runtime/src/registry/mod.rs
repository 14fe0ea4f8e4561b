//! Every annotated function of the program and whatever its attributes name, known from the start.

mod layer;
#[cfg(feature = "metrics")]
mod publish;

use crate::bulkhead::Bulkhead;
use crate::circuit_breaker::CircuitBreaker;
use crate::function::{Function, Stats};
use crate::policy::Policy;
use crate::retry::RetryPolicy;
pub use layer::{FixedLimit, Layer, LayerKind, Listed};

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

    /// Every breaker that an attribute names or that is part of a policy that one names, and the functions' own. Each once.
    pub fn circuit_breakers(&self) -> impl Iterator<Item = &'static CircuitBreaker> + use<> {
        each(Layer::circuit_breaker)
    }

    /// Every bulkhead, likewise.
    pub fn bulkheads(&self) -> impl Iterator<Item = &'static Bulkhead> + use<> {
        each(Layer::bulkhead)
    }

    /// Every retry policy, likewise; those written out in an attribute are named after their function.
    pub fn retry_policies(&self) -> impl Iterator<Item = &'static RetryPolicy> + use<> {
        each(Layer::retry_policy)
    }

    /// Every combined policy that an attribute names. Each once.
    pub fn policies(&self) -> impl Iterator<Item = &'static Policy> + use<> {
        each(Layer::policy)
    }

    /// The breaker of this name.
    #[must_use]
    pub fn circuit_breaker(&self, name: &str) -> Option<&'static CircuitBreaker> {
        self.circuit_breakers().find(|breaker| breaker.name() == name)
    }

    /// The bulkhead of this name.
    #[must_use]
    pub fn bulkhead(&self, name: &str) -> Option<&'static Bulkhead> {
        self.bulkheads().find(|bulkhead| bulkhead.name() == name)
    }

    /// The retry policy of this name.
    #[must_use]
    pub fn retry_policy(&self, name: &str) -> Option<&'static RetryPolicy> {
        self.retry_policies().find(|policy| policy.name() == name)
    }

    /// The combined policy of this name.
    #[must_use]
    pub fn policy(&self, name: &str) -> Option<&'static Policy> {
        self.policies().find(|policy| policy.name() == name)
    }

    /// The annotated function of this path, as in `my_app::payment::charge`.
    #[must_use]
    pub fn function(&self, path: &str) -> Option<&'static AnnotatedFunction> {
        self.functions().find(|function| function.path() == path)
    }
}

/// What the layers of all functions name, in order of their paths, each once.
fn each<T>(of: impl Fn(&Layer) -> Option<&'static T>) -> std::vec::IntoIter<&'static T> {
    let mut functions: Vec<_> = registry().functions().collect();
    functions.sort_by_key(|function| function.path());
    let mut found: Vec<&'static T> = Vec::new();
    for named in functions.iter().flat_map(|function| function.layers()).filter_map(of) {
        if !found.iter().any(|known| std::ptr::eq(*known, named)) {
            found.push(named);
        }
    }
    found.into_iter()
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

    /// Whether one of its attributes names this policy.
    pub(crate) fn names(&self, policy: &Policy) -> bool {
        self.layers.iter().any(|layer| layer.policy().is_some_and(|named| std::ptr::eq(named, policy)))
    }

    /// What has become of its calls so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.function.stats()
    }
}
