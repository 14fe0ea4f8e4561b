//! Policies and functions that a table of a file can configure.

use std::collections::HashSet;
use std::task::Waker;
use std::time::Duration;

use resilience_options::{AdaptiveTimeoutOptions, Options};

use super::toml_path::path;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::combined::{Policy, PolicyLayers};
use crate::policy::configurable::Configurable;
use crate::policy::keyed::KeyedInstances;
use crate::policy::rate_limiter::RateLimiter;
use crate::policy::retry::RetryPolicy;
use crate::policy::retry_budget::RetryBudget;
use crate::policy::timeout::AdaptiveTimeout;
use crate::registry::declared::source::Declared;
use crate::registry::declared::{AnnotatedFunction, ItemKind, Layer, LayerKind, Listed};
use crate::registry::{Registration, functions_in_order, registry};
use crate::sync::Reloadable;

/// Everything that can be configured, each once, sorted by name.
pub(super) struct Targets {
    pub(super) breakers: Vec<Target<CircuitBreaker>>,
    pub(super) bulkheads: Vec<Target<Bulkhead>>,
    pub(super) limiters: Vec<Target<RateLimiter>>,
    pub(super) retries: Vec<Target<RetryPolicy>>,
    pub(super) budgets: Vec<Target<RetryBudget>>,
    pub(super) adaptive_timeouts: Vec<Target<AdaptiveTimeout>>,
    pub(super) policies: Vec<Stack>,
    pub(super) functions: Vec<Stack>,
}

/// A `static` policy; or a [`Keyed`](crate::Keyed) with its instances and the template of new ones.
pub(super) enum Target<T: 'static> {
    One(&'static T),
    Keyed(&'static dyn KeyedInstances<T>),
}

/// Layers that are declared in one place, from the outside in: the layers of a policy, or the
/// inline layers of a function's attributes.
pub(super) struct Stack {
    pub(super) of: Of,
    pub(super) timeouts: Vec<&'static Reloadable<Duration>>,
    pub(super) retries: Vec<&'static RetryPolicy>,
    pub(super) breakers: Vec<&'static CircuitBreaker>,
    pub(super) bulkheads: Vec<&'static Bulkhead>,
    pub(super) limiters: Vec<&'static RateLimiter>,
}

/// Owner of a stack.
#[derive(Clone, Copy)]
pub(super) enum Of {
    Policy(&'static Policy),
    Function(&'static AnnotatedFunction),
}

impl Targets {
    pub(super) fn of_the_program() -> Self {
        let statics = statics();
        let statics = || statics.iter().copied();
        let policies = registry().policies().map(Stack::of_policy);
        Self {
            breakers: by_name(statics().filter_map(|declared| match declared {
                Declared::CircuitBreaker(breaker) => Some(Target::One(breaker)),
                Declared::CircuitBreakers(keyed) => Some(Target::Keyed(keyed)),
                _ => None,
            })),
            bulkheads: by_name(statics().filter_map(|declared| match declared {
                Declared::Bulkhead(bulkhead) => Some(Target::One(bulkhead)),
                Declared::Bulkheads(keyed) => Some(Target::Keyed(keyed)),
                _ => None,
            })),
            limiters: by_name(statics().filter_map(|declared| match declared {
                Declared::RateLimiter(limiter) => Some(Target::One(limiter)),
                Declared::RateLimiters(keyed) => Some(Target::Keyed(keyed)),
                _ => None,
            })),
            retries: by_name(statics().filter_map(|declared| match declared {
                Declared::RetryPolicy(policy) => Some(Target::One(policy)),
                _ => None,
            })),
            budgets: by_name(registry().retry_budgets().map(Target::One)),
            adaptive_timeouts: by_name(registry().adaptive_timeouts().map(Target::One)),
            policies: stacks(policies),
            functions: stacks(functions_in_order().map(Stack::of_function)),
        }
    }

    /// Returns a hint if a breaker, a bulkhead or a retry policy of this name is a layer of a
    /// stack: a `static` of its own would be configured in another table.
    pub(super) fn elsewhere<T: Configurable>(
        &self,
        name: &str,
        layer: impl Fn(&Stack) -> Option<&'static T>,
    ) -> Option<String> {
        let mut stacks = self.policies.iter().chain(&self.functions);
        let stack = stacks.find(|stack| layer(stack).is_some_and(|layer| layer.name() == name))?;
        let table = path(&[stack.of.section(), stack.of.name(), T::Options::SECTION]);
        Some(format!("it is declared in {}: write `[{table}]`", stack.of.describe()))
    }
}

impl<T> Clone for Target<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Target<T> {}

impl<T: Configurable> Target<T> {
    /// Returns the policy that has the name and the options of all instances.
    fn template(self) -> &'static T {
        match self {
            Self::One(policy) => policy,
            Self::Keyed(keyed) => keyed.template(),
        }
    }

    pub(super) fn name(self) -> &'static str {
        self.template().name()
    }

    pub(super) fn declared(self) -> T::Options {
        self.template().options().declared
    }

    pub(super) fn runtime_keys(self) -> &'static [&'static str] {
        self.template().runtime_keys()
    }

    pub(super) fn options(self) -> T::Options {
        self.template().options().get()
    }

    /// Overrides the options; `None` restores the options of the code. Returns the wakers of the
    /// callers that this admits.
    ///
    /// The template comes first. `keyed.each` takes the lock under which an instance is created and
    /// inserted, so an instance is either visited, or created from the new template.
    pub(super) fn configure(self, options: Option<T::Options>) -> Vec<Waker> {
        let mut admitted = self.template().configure(options);
        if let Self::Keyed(keyed) = self {
            keyed.each(&mut |instance| admitted.extend(instance.configure(options)));
        }
        admitted
    }
}

impl Stack {
    fn of_policy(policy: &'static Policy) -> Self {
        let PolicyLayers { bulkhead, circuit_breaker, retry, rate_limiter, .. } = policy.layers();
        Self {
            of: Of::Policy(policy),
            timeouts: policy.timeout.iter().collect(),
            retries: retry.into_iter().collect(),
            breakers: circuit_breaker.into_iter().collect(),
            bulkheads: bulkhead.into_iter().collect(),
            limiters: rate_limiter.into_iter().collect(),
        }
    }

    fn of_function(function: &'static AnnotatedFunction) -> Self {
        let mut stack = Self {
            of: Of::Function(function),
            timeouts: Vec::new(),
            retries: Vec::new(),
            breakers: Vec::new(),
            bulkheads: Vec::new(),
            limiters: Vec::new(),
        };
        for layer in function.layers() {
            match layer.0 {
                Listed::Timeout(limit) => stack.timeouts.push(&limit().limit),
                Listed::OwnRetry(policy) => stack.retries.push(policy()),
                Listed::OwnCircuitBreaker(breaker) => stack.breakers.push(breaker()),
                Listed::OwnBulkhead(bulkhead) => stack.bulkheads.push(bulkhead()),
                Listed::OwnRateLimiter(limiter) => stack.limiters.push(limiter()),
                _ => {}
            }
        }
        stack
    }

    /// Returns `true` if a file can configure nothing of this stack.
    pub(super) const fn is_empty(&self) -> bool {
        self.timeouts.is_empty()
            && self.retries.is_empty()
            && self.breakers.is_empty()
            && self.bulkheads.is_empty()
            && self.limiters.is_empty()
    }
}

impl Of {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Policy(policy) => policy.name(),
            Self::Function(function) => function.path(),
        }
    }

    pub(super) const fn section(self) -> &'static str {
        match self {
            Self::Policy(_) => "policy",
            Self::Function(_) => "function",
        }
    }

    pub(super) fn describe(self) -> String {
        match self {
            Self::Policy(policy) => format!("the policy `{}`", policy.name()),
            Self::Function(function) => format!("the attributes of `{}`", function.path()),
        }
    }

    /// Returns the reason why no layer of this kind can be configured here, and the table to write
    /// instead.
    pub(super) fn lacks(self, kind: LayerKind) -> String {
        let Self::Function(function) = self else {
            return format!(
                "the policy `{}` has no {}: only the code can add one",
                self.name(),
                kind_name(kind)
            );
        };
        let instead = function.layers().iter().find_map(|layer| match layer.declared() {
            Some(Declared::Policy(policy)) if has(layer, kind) => {
                let table = match kind {
                    LayerKind::Timeout => path(&["policy", policy.name()]),
                    _ => path(&["policy", policy.name(), &kind.to_string()]),
                };
                Some(format!("belongs to its policy: write `[{table}]`"))
            }
            _ if layer.kind() != kind => None,
            declared => match declared.and_then(Declared::name) {
                Some((ItemKind::AdaptiveTimeout, name)) => Some(format!(
                    "is shared: write `[{}]`",
                    path(&[AdaptiveTimeoutOptions::SECTION, name])
                )),
                Some((_, name)) => {
                    Some(format!("is shared: write `[{}]`", path(&[&kind.to_string(), name])))
                }
                None => Some(String::from(
                    "is an expression in the code: a file can't change its value",
                )),
            },
        });
        match instead {
            Some(instead) => format!("the {} of `{}` {instead}", kind_name(kind), self.name()),
            None => format!("`{}` has no `#[{kind}]`: only the code can add one", self.name()),
        }
    }
}

fn has(layer: &Layer, kind: LayerKind) -> bool {
    match kind {
        LayerKind::Timeout => layer.timeout().is_some(),
        LayerKind::Retry => layer.retry_policy().is_some(),
        LayerKind::CircuitBreaker => layer.circuit_breaker().is_some(),
        LayerKind::Bulkhead => layer.bulkhead().is_some(),
        LayerKind::RateLimiter => layer.rate_limiter().is_some(),
        LayerKind::Fallback | LayerKind::Resilient => false,
    }
}

const fn kind_name(kind: LayerKind) -> &'static str {
    match kind {
        LayerKind::Timeout => "timeout",
        LayerKind::Retry => "retry",
        LayerKind::CircuitBreaker => "circuit breaker",
        LayerKind::Bulkhead => "bulkhead",
        LayerKind::RateLimiter => "rate limiter",
        LayerKind::Fallback => "fallback",
        LayerKind::Resilient => "policy",
    }
}

/// Returns all `static`s that an attribute names or that are registered by hand. Inline layers of a
/// function and layers of a policy are no `static`s.
fn statics() -> Vec<Declared> {
    let is_inline = |layer: &Layer| {
        matches!(
            layer.0,
            Listed::OwnRetry(_)
                | Listed::OwnCircuitBreaker(_)
                | Listed::OwnBulkhead(_)
                | Listed::OwnRateLimiter(_)
        )
    };
    let layers =
        functions_in_order().flat_map(AnnotatedFunction::layers).filter(|layer| !is_inline(layer));
    let mut known = HashSet::new();
    let is_new = |declared: &Declared| declared.identity().is_none_or(|it| known.insert(it));
    layers
        .filter_map(Layer::declared)
        .chain(Registration::all().map(Registration::declared))
        .filter(is_new)
        .collect()
}

fn by_name<T: Configurable>(all: impl Iterator<Item = Target<T>>) -> Vec<Target<T>> {
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|target| target.name());
    all
}

fn stacks(all: impl Iterator<Item = Stack>) -> Vec<Stack> {
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|stack| stack.of.name());
    all
}
