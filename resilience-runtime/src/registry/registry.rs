//! The registry: lookups and questions about the whole program.

use super::declared::AnnotatedFunction;
use super::duplicates::{self, CheckError, Duplicate};
use super::health::{self, Health};
use super::index::{functions_in_order, index};
use super::report::{self, Report};
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::combined::Policy;
use crate::policy::rate_limiter::RateLimiter;
use crate::policy::retry::RetryPolicy;
use crate::policy::retry_budget::RetryBudget;
use crate::policy::timeout::{AdaptiveTimeout, DetachedWork};

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
    /// Every annotated function, in order of their paths.
    pub fn functions(&self) -> impl Iterator<Item = &'static AnnotatedFunction> + use<> {
        functions_in_order()
    }

    /// Every breaker that is a layer of an annotated function or of a combined policy, or that a
    /// [`register!`](crate::register) names. Each once.
    pub fn circuit_breakers(&self) -> impl Iterator<Item = &'static CircuitBreaker> + use<> {
        index().circuit_breakers.iter()
    }

    /// Every bulkhead that is a layer of an annotated function or of a combined policy, or that a
    /// [`register!`](crate::register) names. Each once.
    pub fn bulkheads(&self) -> impl Iterator<Item = &'static Bulkhead> + use<> {
        index().bulkheads.iter()
    }

    /// Every rate limiter that is a layer of an annotated function or of a combined policy, or that
    /// a [`register!`](crate::register) names. Each once.
    pub fn rate_limiters(&self) -> impl Iterator<Item = &'static RateLimiter> + use<> {
        index().rate_limiters.iter()
    }

    /// Every retry policy that is a layer of an annotated function or of a combined policy, or that
    /// a [`register!`](crate::register) names. Each once. An inline retry has the path of its
    /// function as its name.
    pub fn retry_policies(&self) -> impl Iterator<Item = &'static RetryPolicy> + use<> {
        index().retry_policies.iter()
    }

    /// Every retry budget that pays for one of these retry policies.
    pub fn retry_budgets(&self) -> impl Iterator<Item = &'static RetryBudget> + use<> {
        index().retry_budgets.iter()
    }

    /// Every adaptive timeout that an attribute names.
    pub fn adaptive_timeouts(&self) -> impl Iterator<Item = &'static AdaptiveTimeout> + use<> {
        index().adaptive_timeouts.iter()
    }

    /// Every combined policy that an attribute names. Each once.
    pub fn policies(&self) -> impl Iterator<Item = &'static Policy> + use<> {
        index().policies.iter()
    }

    /// The breaker of this name.
    #[must_use]
    pub fn circuit_breaker(&self, name: &str) -> Option<&'static CircuitBreaker> {
        index().circuit_breakers.get(name)
    }

    /// The bulkhead of this name.
    #[must_use]
    pub fn bulkhead(&self, name: &str) -> Option<&'static Bulkhead> {
        index().bulkheads.get(name)
    }

    /// The rate limiter of this name.
    #[must_use]
    pub fn rate_limiter(&self, name: &str) -> Option<&'static RateLimiter> {
        index().rate_limiters.get(name)
    }

    /// The retry policy of this name.
    #[must_use]
    pub fn retry_policy(&self, name: &str) -> Option<&'static RetryPolicy> {
        index().retry_policies.get(name)
    }

    /// The retry budget of this name.
    #[must_use]
    pub fn retry_budget(&self, name: &str) -> Option<&'static RetryBudget> {
        index().retry_budgets.get(name)
    }

    /// The adaptive timeout of this name.
    #[must_use]
    pub fn adaptive_timeout(&self, name: &str) -> Option<&'static AdaptiveTimeout> {
        index().adaptive_timeouts.get(name)
    }

    /// The combined policy of this name.
    #[must_use]
    pub fn policy(&self, name: &str) -> Option<&'static Policy> {
        index().policies.get(name)
    }

    /// The annotated function of this path, as in `my_app::payment::charge`.
    #[must_use]
    pub fn function(&self, path: &str) -> Option<&'static AnnotatedFunction> {
        index().function(path)
    }

    /// State of every function, breaker, bulkhead and policy, now: for a status page or a readiness
    /// probe.
    ///
    /// ```
    /// use resilience::health::HealthStatus;
    ///
    /// let health = resilience::registry().health();
    /// assert_eq!(health.status, HealthStatus::Healthy);
    /// ```
    #[must_use]
    pub fn health(&self) -> Health {
        health::health()
    }

    /// Table of all functions and their layers, with the limits in force and with warnings: for
    /// people to read.
    ///
    /// ```
    /// println!("{}", resilience::registry().report());
    /// ```
    #[must_use]
    pub fn report(&self) -> Report {
        report::report()
    }

    /// Returns the detached work of the program: work of a `#[timeout(…, cancel = false)]` that
    /// goes on after its caller has received the error of the timeout, or has gone away.
    ///
    /// A runtime that shuts down drops its tasks, and with them the detached work. Wait for it
    /// before:
    ///
    /// ```
    /// use resilience::{registry, timeout};
    /// use std::time::Duration;
    ///
    /// #[timeout(10ms, cancel = false)]
    /// async fn book() -> Result<(), resilience::Error> {
    ///     tokio::time::sleep(Duration::from_millis(30)).await;
    ///     Ok(())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// assert!(book().await.is_err());
    /// let work = registry().detached_work();
    /// assert_eq!(work.running(), 1);
    /// let ended = tokio::time::timeout(Duration::from_secs(25), work.ended()).await;
    /// assert!(ended.is_ok() && work.running() == 0);
    /// # }
    /// ```
    #[must_use]
    pub const fn detached_work(&self) -> DetachedWork {
        DetachedWork::ALL
    }

    /// Names that are not unique: of two different statics of one kind, or of two functions with
    /// one path. A lookup by such a name finds the first.
    #[must_use]
    pub fn duplicates(&self) -> Vec<Duplicate> {
        duplicates::duplicates()
    }

    /// Checks everything that the program declares: for a test of yours, or the start of `main`.
    ///
    /// ```standalone_crate
    /// if let Err(error) = resilience::registry().check() {
    ///     panic!("{error}");
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// With everything that is wrong: the [`duplicates`](Self::duplicates), and declarations that
    /// have no effect, as `minimum_calls` of a breaker without a rate, or a policy without layers.
    pub fn check(&self) -> Result<(), CheckError> {
        duplicates::check()
    }
}
