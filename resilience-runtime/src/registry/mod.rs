//! Every annotated function of the program and whatever its attributes name, known from the start.

#[cfg(feature = "toml")]
mod configure;
mod declared;
mod duplicates;
mod health;
mod layer;
mod listing;
#[cfg(feature = "metrics")]
mod publish;
mod report;

use crate::bulkhead::Bulkhead;
use crate::circuit_breaker::CircuitBreaker;
use crate::function::{Function, Stats};
use crate::policy::Policy;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::timeout::AdaptiveTimeout;
#[cfg(feature = "toml")]
pub use configure::{ConfigError, Mistake, Watch};
pub use declared::{Declare, Declared, Declares, DeclaresNothing, ItemKind, Named};
pub use duplicates::{Duplicate, StartupError};
pub use health::{
    BulkheadHealth, CircuitBreakerHealth, FunctionHealth, Health, HealthStatus, PolicyHealth,
};
pub use layer::{FixedLimit, Layer, LayerKind, Listed};
pub use listing::Listing;
pub use report::{Mermaid, Report, Warning};

#[doc = include_str!("../../docs/registry.md")]
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
        each(
            |declared| {
                if let Declared::CircuitBreaker(breaker) = declared { Some(breaker) } else { None }
            },
        )
    }

    /// Every bulkhead, likewise.
    pub fn bulkheads(&self) -> impl Iterator<Item = &'static Bulkhead> + use<> {
        each(
            |declared| {
                if let Declared::Bulkhead(bulkhead) = declared { Some(bulkhead) } else { None }
            },
        )
    }

    /// Every retry policy, likewise; those written out in an attribute are named after their function.
    pub fn retry_policies(&self) -> impl Iterator<Item = &'static RetryPolicy> + use<> {
        each(
            |declared| {
                if let Declared::RetryPolicy(policy) = declared { Some(policy) } else { None }
            },
        )
    }

    /// Every retry budget that one of these retry policies is paid by.
    pub fn retry_budgets(&self) -> impl Iterator<Item = &'static RetryBudget> + use<> {
        each(
            |declared| {
                if let Declared::RetryBudget(budget) = declared { Some(budget) } else { None }
            },
        )
    }

    /// Every adaptive timeout that an attribute names.
    pub fn adaptive_timeouts(&self) -> impl Iterator<Item = &'static AdaptiveTimeout> + use<> {
        each(
            |declared| {
                if let Declared::AdaptiveTimeout(timeout) = declared { Some(timeout) } else { None }
            },
        )
    }

    /// Every combined policy that an attribute names. Each once.
    pub fn policies(&self) -> impl Iterator<Item = &'static Policy> + use<> {
        each(|declared| if let Declared::Policy(policy) = declared { Some(policy) } else { None })
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

    /// The retry budget of this name.
    #[must_use]
    pub fn retry_budget(&self, name: &str) -> Option<&'static RetryBudget> {
        self.retry_budgets().find(|budget| budget.name() == name)
    }

    /// The adaptive timeout of this name.
    #[must_use]
    pub fn adaptive_timeout(&self, name: &str) -> Option<&'static AdaptiveTimeout> {
        self.adaptive_timeouts().find(|timeout| timeout.name() == name)
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

    /// How it stands with every function, breaker, bulkhead and policy, now: for the page or the probe that asks.
    #[must_use]
    pub fn health(&self) -> Health {
        health::health()
    }

    /// Which function has which layers, with the limits that hold now, and what looks wrong about it: for people to read.
    ///
    /// ```
    /// println!("{}", resilience::registry().report());
    /// ```
    #[must_use]
    pub fn report(&self) -> Report {
        report::report()
    }

    /// Names that more than one has: two different statics of one kind, or two functions of one path. A lookup by such a name finds
    /// one of them.
    #[must_use]
    pub fn duplicates(&self) -> Vec<Duplicate> {
        duplicates::duplicates()
    }

    /// Whether all is well with what the program declares: for a test of yours, or the start of `main`.
    ///
    /// ```standalone_crate
    /// if let Err(error) = resilience::registry().check() {
    ///     panic!("{error}");
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// With everything that is not: the [`duplicates`](Self::duplicates).
    pub fn check(&self) -> Result<(), StartupError> {
        duplicates::check()
    }
}

/// Names may hold what would begin a new line.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

/// Something declared, and who names it.
struct Item {
    declared: Declared,
    functions: Vec<&'static AnnotatedFunction>,
    /// The file and line of the `list!`, if it stands in one.
    listed: Option<(&'static str, u32)>,
    /// It is listed with what it is a part of.
    is_part: bool,
}

impl Item {
    const fn new(declared: Declared) -> Self {
        Self { declared, functions: Vec::new(), listed: None, is_part: false }
    }
}

/// What the attributes of all functions name, in order of their paths, and what is listed by hand: each once.
fn items() -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut place_of = |declared: Declared| {
        let known = items.iter().position(|item| item.declared.is(declared));
        let place = known.unwrap_or(items.len());
        if known.is_none() {
            items.push(Item::new(declared));
        }
        place
    };
    let mut named = Vec::new();
    for function in functions_in_order() {
        let declared =
            function.layers().iter().filter_map(Layer::declared).flat_map(Declared::with_parts);
        named.extend(declared.map(|declared| (place_of(declared), function)));
    }
    let mut listings: Vec<_> = Listing::all().collect();
    listings.sort_by_key(|listing| (listing.place(), listing.declared().name()));
    let listed: Vec<_> = listings
        .into_iter()
        .flat_map(|listing| {
            let parts = listing.declared().with_parts().enumerate();
            parts.map(|(number, declared)| (declared, listing.place(), number > 0))
        })
        .map(|(declared, place, is_part)| (place_of(declared), place, is_part))
        .collect();
    for (place, function) in named {
        let functions = &mut items[place].functions;
        if !functions.iter().any(|known| std::ptr::eq(*known, function)) {
            functions.push(function);
        }
    }
    for (place, listed, is_part) in listed {
        items[place].listed.get_or_insert(listed);
        items[place].is_part |= is_part;
    }
    items
}

/// The annotated functions, in order of their paths.
fn functions_in_order() -> Vec<&'static AnnotatedFunction> {
    let mut functions: Vec<_> = registry().functions().collect();
    functions.sort_by_key(|function| (function.path(), function.file(), function.line()));
    functions
}

/// Those of one type.
fn each<T>(of: impl Fn(Declared) -> Option<&'static T>) -> std::vec::IntoIter<&'static T> {
    items().into_iter().filter_map(|item| of(item.declared)).collect::<Vec<_>>().into_iter()
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
        self.layers
            .iter()
            .any(|layer| layer.policy().is_some_and(|named| std::ptr::eq(named, policy)))
    }

    /// What has become of its calls so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.function.stats()
    }
}
