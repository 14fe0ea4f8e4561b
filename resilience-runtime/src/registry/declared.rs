//! What attributes name: statics of several types, as one.

use std::fmt;
use std::time::Duration;

use crate::bulkhead::Bulkhead;
use crate::circuit_breaker::CircuitBreaker;
use crate::keyed::{Instances, Keyed};
use crate::policy::Policy;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::timeout::AdaptiveTimeout;

/// Something that a layer gets its limits from.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_enums, reason = "made by the attributes only")]
#[allow(missing_docs, reason = "made by the attributes only")]
pub enum Declared {
    CircuitBreaker(&'static CircuitBreaker),
    CircuitBreakers(&'static dyn Instances<CircuitBreaker>),
    Bulkhead(&'static Bulkhead),
    Bulkheads(&'static dyn Instances<Bulkhead>),
    RetryPolicy(&'static RetryPolicy),
    RetryBudget(&'static RetryBudget),
    AdaptiveTimeout(&'static AdaptiveTimeout),
    Policy(&'static Policy),
    /// A constant: it has no name.
    Limit(Duration),
}

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ItemKind {
    /// An annotated function: known by module path and name.
    Function,
    /// A [`CircuitBreaker`], or the pattern of a [`Keyed`] of them.
    CircuitBreaker,
    /// A [`Bulkhead`], or the pattern of a [`Keyed`] of them.
    Bulkhead,
    /// A [`RetryPolicy`].
    RetryPolicy,
    /// A [`RetryBudget`].
    RetryBudget,
    /// An [`AdaptiveTimeout`].
    AdaptiveTimeout,
    /// A [`Policy`].
    Policy,
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Function => "function",
            Self::CircuitBreaker => "circuit breaker",
            Self::Bulkhead => "bulkhead",
            Self::RetryPolicy => "retry policy",
            Self::RetryBudget => "retry budget",
            Self::AdaptiveTimeout => "adaptive timeout",
            Self::Policy => "policy",
        })
    }
}

impl ItemKind {
    /// Of more than one.
    pub(super) const fn plural(self) -> &'static str {
        match self {
            Self::Function => "functions",
            Self::CircuitBreaker => "circuit breakers",
            Self::Bulkhead => "bulkheads",
            Self::RetryPolicy => "retry policies",
            Self::RetryBudget => "retry budgets",
            Self::AdaptiveTimeout => "adaptive timeouts",
            Self::Policy => "policies",
        }
    }
}

impl Declared {
    /// What it is, and its name; `None` for what has no name.
    pub(super) fn name(self) -> Option<(ItemKind, &'static str)> {
        Some(match self {
            Self::CircuitBreaker(breaker) => (ItemKind::CircuitBreaker, breaker.name()),
            Self::CircuitBreakers(keyed) => (ItemKind::CircuitBreaker, keyed.pattern().name()),
            Self::Bulkhead(bulkhead) => (ItemKind::Bulkhead, bulkhead.name()),
            Self::Bulkheads(keyed) => (ItemKind::Bulkhead, keyed.pattern().name()),
            Self::RetryPolicy(policy) => (ItemKind::RetryPolicy, policy.name()),
            Self::RetryBudget(budget) => (ItemKind::RetryBudget, budget.name()),
            Self::AdaptiveTimeout(timeout) => (ItemKind::AdaptiveTimeout, timeout.name()),
            Self::Policy(policy) => (ItemKind::Policy, policy.name()),
            Self::Limit(_) => return None,
        })
    }

    /// Whether it is this very one, and not another of the same name.
    pub(super) fn is(self, other: Self) -> bool {
        match (self.place(), other.place()) {
            // A policy may begin where its first part does.
            (Some(own), Some(others)) => {
                own == others && std::mem::discriminant(&self) == std::mem::discriminant(&other)
            }
            _ => false,
        }
    }

    fn place(self) -> Option<*const ()> {
        use std::ptr::from_ref;
        Some(match self {
            Self::CircuitBreaker(breaker) => from_ref(breaker).cast(),
            Self::CircuitBreakers(keyed) => from_ref(keyed).cast(),
            Self::Bulkhead(bulkhead) => from_ref(bulkhead).cast(),
            Self::Bulkheads(keyed) => from_ref(keyed).cast(),
            Self::RetryPolicy(policy) => from_ref(policy).cast(),
            Self::RetryBudget(budget) => from_ref(budget).cast(),
            Self::AdaptiveTimeout(timeout) => from_ref(timeout).cast(),
            Self::Policy(policy) => from_ref(policy).cast(),
            Self::Limit(_) => return None,
        })
    }

    /// It, and all that it is made of: the layers of a policy, the budget of a retry.
    pub(super) fn with_parts(self) -> impl Iterator<Item = Self> {
        let policy = if let Self::Policy(policy) = self { Some(policy) } else { None };
        let bulkhead = policy.and_then(Policy::pool).map(Self::Bulkhead);
        let breaker = policy.and_then(Policy::breaker).map(Self::CircuitBreaker);
        let retry = policy.and_then(Policy::retries);
        let retried = if let Self::RetryPolicy(policy) = self { Some(policy) } else { retry };
        let budget = retried.and_then(RetryPolicy::paid_by).map(Self::RetryBudget);
        let parts = [Some(self), bulkhead, breaker, retry.map(Self::RetryPolicy), budget];
        parts.into_iter().flatten()
    }
}

impl fmt::Debug for Declared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.name()) {
            (Self::Limit(limit), _) => limit.fmt(f),
            (_, Some((kind, name))) => write!(f, "{kind} `{name}`"),
            (_, None) => Ok(()),
        }
    }
}

/// What the registry lists.
#[diagnostic::on_unimplemented(
    message = "the registry has no place for `{Self}`",
    label = "expected a `static` of one of the policies",
    note = "the registry lists `CircuitBreaker`, `Bulkhead`, `RetryPolicy`, `RetryBudget`, `AdaptiveTimeout`, `Policy`, and `Keyed` with keys that implement `Display`"
)]
pub trait Declare {
    /// As one of many.
    fn declared(&'static self) -> Declared;
}

macro_rules! declare {
    ($($name:ident($ty:ty)),*) => {$(
        #[diagnostic::do_not_recommend]
        impl Declare for $ty {
            fn declared(&'static self) -> Declared {
                Declared::$name(self)
            }
        }
    )*};
}

declare!(
    CircuitBreaker(CircuitBreaker),
    Bulkhead(Bulkhead),
    RetryPolicy(RetryPolicy),
    RetryBudget(RetryBudget),
    AdaptiveTimeout(AdaptiveTimeout),
    Policy(Policy)
);

#[diagnostic::do_not_recommend]
impl<K> Declare for Keyed<CircuitBreaker, K>
where
    Self: Instances<CircuitBreaker>,
{
    fn declared(&'static self) -> Declared {
        Declared::CircuitBreakers(self)
    }
}

#[diagnostic::do_not_recommend]
impl<K> Declare for Keyed<Bulkhead, K>
where
    Self: Instances<Bulkhead>,
{
    fn declared(&'static self) -> Declared {
        Declared::Bulkheads(self)
    }
}

/// Asks what an attribute names whether the registry lists it, by method resolution: [`Declares`] is found first, and wants
/// `T: Declare`; [`DeclaresNothing`] takes one reference more to reach, and no type is refused.
#[derive(Debug)]
pub struct Named<'a, T>(pub &'a T);

/// Found for what the registry lists, and for constants.
pub trait Declares {
    /// As one of many.
    fn declared(&self) -> Option<Declared>;
}

impl<T: Declare> Declares for Named<'static, T> {
    fn declared(&self) -> Option<Declared> {
        Some(self.0.declared())
    }
}

impl Declares for Named<'static, Duration> {
    fn declared(&self) -> Option<Declared> {
        Some(Declared::Limit(*self.0))
    }
}

/// Found for all else.
pub trait DeclaresNothing {
    /// `None`.
    fn declared(&self) -> Option<Declared>;
}

impl<T> DeclaresNothing for &Named<'_, T> {
    fn declared(&self) -> Option<Declared> {
        None
    }
}
