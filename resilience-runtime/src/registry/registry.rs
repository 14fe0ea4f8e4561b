//! The registry, as the program asks it.

use super::declared::AnnotatedFunction;
use super::declared::source::Declared;
use super::duplicates::{self, CheckError, Duplicate};
use super::health::{self, Health};
use super::index::{annotated_functions, each};
use super::report::{self, Report};
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::combined::Policy;
use crate::policy::retry::RetryPolicy;
use crate::policy::retry_budget::RetryBudget;
use crate::policy::timeout::AdaptiveTimeout;

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
        annotated_functions()
    }

    /// Every breaker that an attribute names or that is part of a policy that one names, and the
    /// functions' own. Each once.
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

    /// Every retry policy, likewise; those written out in an attribute are named after their
    /// function.
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

    /// How it stands with every function, breaker, bulkhead and policy, now: for the page or the
    /// probe that asks.
    #[must_use]
    pub fn health(&self) -> Health {
        health::health()
    }

    /// Which function has which layers, with the limits that hold now, and what looks wrong about
    /// it: for people to read.
    ///
    /// ```
    /// println!("{}", resilience::registry().report());
    /// ```
    #[must_use]
    pub fn report(&self) -> Report {
        report::report()
    }

    /// Names that more than one has: two different statics of one kind, or two functions of one
    /// path. A lookup by such a name finds one of them.
    #[must_use]
    pub fn duplicates(&self) -> Vec<Duplicate> {
        duplicates::duplicates()
    }

    /// Whether all is well with what the program declares: for a test of yours, or the start of
    /// `main`.
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
    pub fn check(&self) -> Result<(), CheckError> {
        duplicates::check()
    }
}
