//! Declarations without an effect. An attribute with one is refused at compile time, and so are a
//! policy of retries and the layers of a combined policy. A builder of a breaker alone can't know
//! if the option that is missing still follows.

use std::fmt;

use resilience_options::Options;

use super::declared::ItemKind;
use super::declared::source::Declared;
use super::index::{Item, index};
use crate::outcome::OneLine;
use crate::policy::combined::{Policy, PolicyLayers};
use crate::policy::configurable::Configurable;

/// Declaration of a static that has no effect: an option that needs another one, or a policy
/// without layers. Displayed as a sentence with the fix.
///
/// ```
/// use resilience::{CircuitBreaker, register, registry};
///
/// static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment").minimum_calls(5);
/// register!(PAYMENT);
///
/// let error = registry().check().expect_err("five calls of what?");
/// assert_eq!(error.without_effect()[0].name(), "payment");
/// ```
#[derive(Clone, Debug)]
pub struct NoEffect {
    kind: ItemKind,
    name: &'static str,
    message: &'static str,
}

impl NoEffect {
    /// Returns the kind of the static.
    #[must_use]
    pub const fn kind(&self) -> ItemKind {
        self.kind
    }

    /// Returns the name of the static.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl fmt::Display for NoEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`: {}", self.kind, OneLine(self.name), self.message)
    }
}

/// Returns all declarations without an effect, in the order of the index.
pub(super) fn without_effect() -> impl Iterator<Item = NoEffect> {
    index().items.iter().flat_map(of_item)
}

fn of_item(item: &Item) -> Vec<NoEffect> {
    let Some((kind, name)) = item.declared.name() else { return Vec::new() };
    let messages = match item.declared {
        Declared::CircuitBreaker(breaker) => of_options(breaker),
        Declared::CircuitBreakers(keyed) => of_options(keyed.template()),
        Declared::Bulkhead(bulkhead) => of_options(bulkhead),
        Declared::Bulkheads(keyed) => of_options(keyed.template()),
        Declared::RateLimiter(limiter) => of_options(limiter),
        Declared::RateLimiters(keyed) => of_options(keyed.template()),
        Declared::RetryPolicy(policy) => of_options(policy),
        Declared::RetryBudget(budget) => of_options(budget),
        Declared::AdaptiveTimeout(limit) => of_options(limit),
        Declared::Policy(policy) => of_policy(policy),
        Declared::Limit(_) => Vec::new(),
    };
    messages.into_iter().map(|message| NoEffect { kind, name, message }).collect()
}

fn of_options<T: Configurable>(policy: &T) -> Vec<&'static str> {
    let refusals = policy.options().declared.without_effect();
    refusals.into_iter().map(|refusal| refusal.message).collect()
}

fn of_policy(policy: &Policy) -> Vec<&'static str> {
    let PolicyLayers { bulkhead, circuit_breaker, retry, rate_limiter, timeout, .. } =
        policy.layers();
    let is_empty = bulkhead.is_none()
        && circuit_breaker.is_none()
        && retry.is_none()
        && rate_limiter.is_none()
        && timeout.is_none();
    if is_empty {
        vec!["it has no layer: add one, as in `.timeout(…)`, or begin with `Policy::important(…)`"]
    } else {
        Vec::new()
    }
}
