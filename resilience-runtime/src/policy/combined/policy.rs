//! The combined policy: its declaration.

use std::time::Duration;

use resilience_options::TimeoutOptions;

use super::policy_layers::PolicyLayers;
use crate::call_stats::CallStats;
use crate::function::Function;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::rate_limiter::RateLimiter;
use crate::policy::retry::RetryPolicy;
use crate::sync::Reloadable;

/// A combined policy: up to five layers in a fixed order, declared once as a `static` and named by
/// `#[resilient(PAYMENT)]`.
///
/// ```
/// use resilience::{Bulkhead, CircuitBreaker, Policy, RetryPolicy, resilient};
/// use std::time::Duration;
///
/// static PAYMENT: Policy = Policy::new("payment")
///     .bulkhead(Bulkhead::new("payment").max_concurrent(5))
///     .circuit_breaker(CircuitBreaker::new("payment").consecutive_failures(5))
///     .retry(RetryPolicy::new("payment").max_attempts(3))
///     .timeout(Duration::from_secs(3));
///
/// #[resilient(PAYMENT)]
/// async fn charge(amount: u64) -> Result<u64, resilience::Error> {
///     Ok(amount)
/// }
/// ```
///
/// Whatever the order in which they are declared, the layers are, from the outside in: bulkhead,
/// circuit breaker, retry, rate limiter, timeout. So a call holds its slot in the bulkhead for all
/// attempts, the breaker sees one result for all of them, the rate limiter counts each attempt, and
/// the limit is for each. A layer that is not declared
/// is not there. For another order, write the attributes. Code that no attribute fits uses
/// [`call`](Self::call).
///
/// # Presets
///
/// | | timeout | attempts | opens at |
/// |---|---|---|---|
/// | [`critical`](Self::critical) | 3 s | 2 | 3 failures in a row |
/// | [`important`](Self::important) | 5 s | 3 | 5 failures in a row |
/// | [`non_critical`](Self::non_critical) | 10 s | 5 | 10 failures in a row |
///
/// All else is as in [`RetryPolicy::new`] and [`CircuitBreaker::new`]. None has a bulkhead or a
/// rate limiter.
pub struct Policy {
    name: &'static str,
    pub(crate) timeout: Option<Reloadable<Duration>>,
    pub(super) retry: Option<RetryPolicy>,
    pub(super) circuit_breaker: Option<CircuitBreaker>,
    pub(super) bulkhead: Option<Bulkhead>,
    pub(super) rate_limiter: Option<RateLimiter>,
    /// Counts the calls by [`call`](Self::call).
    pub(super) calls: Function,
}

/// The setters are `const`: in a `static`, a value that can't be right is a compile error that says
/// why.
impl Policy {
    /// A policy without layers, for the setters to add them.
    ///
    /// # Panics
    ///
    /// If the name is empty.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        assert!(
            !name.is_empty(),
            "a policy's name must not be empty: errors, events and the registry call it by its name"
        );
        let calls = Function::new(name, "", 0);
        Self {
            name,
            timeout: None,
            retry: None,
            circuit_breaker: None,
            bulkhead: None,
            rate_limiter: None,
            calls,
        }
    }

    /// For a dependency that must answer soon or not at all: 3 s, 2 attempts, opens at 3 failures
    /// in a row.
    #[must_use]
    #[track_caller]
    pub const fn critical(name: &'static str) -> Self {
        Self::preset(name, 3, 2, 3)
    }

    /// For a dependency that callers wait for: 5 s, 3 attempts, opens at 5 failures in a row.
    #[must_use]
    #[track_caller]
    pub const fn important(name: &'static str) -> Self {
        Self::preset(name, 5, 3, 5)
    }

    /// For a dependency that can take its time: 10 s, 5 attempts, opens at 10 failures in a row.
    #[must_use]
    #[track_caller]
    pub const fn non_critical(name: &'static str) -> Self {
        Self::preset(name, 10, 5, 10)
    }

    #[track_caller]
    const fn preset(name: &'static str, seconds: u64, attempts: u32, failures: u32) -> Self {
        Self::new(name)
            .timeout(Duration::from_secs(seconds))
            .retry(RetryPolicy::new(name).max_attempts(attempts))
            .circuit_breaker(CircuitBreaker::new(name).consecutive_failures(failures))
    }

    /// Limit of each attempt.
    ///
    /// # Panics
    ///
    /// If it is zero.
    #[must_use]
    #[track_caller]
    pub const fn timeout(mut self, limit: Duration) -> Self {
        if let Some(refusal) = TimeoutOptions::new(limit).first_refusal() {
            panic!("{}", refusal.message)
        }
        std::mem::forget(self.timeout.replace(Reloadable::new(limit)));
        self
    }

    /// Another attempt for a failure that may pass by itself.
    #[must_use]
    pub const fn retry(mut self, retry: RetryPolicy) -> Self {
        std::mem::forget(self.retry.replace(retry));
        self
    }

    /// A breaker around all attempts.
    ///
    /// # Panics
    ///
    /// If an option of the breaker has no effect without another one, as `minimum_calls` without a
    /// rate; in a `static`, that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn circuit_breaker(mut self, breaker: CircuitBreaker) -> Self {
        if let Some(refusal) = breaker.option_without_effect() {
            panic!("{}", refusal.message)
        }
        std::mem::forget(self.circuit_breaker.replace(breaker));
        self
    }

    /// A bulkhead around all of it.
    #[must_use]
    pub const fn bulkhead(mut self, bulkhead: Bulkhead) -> Self {
        std::mem::forget(self.bulkhead.replace(bulkhead));
        self
    }

    /// A rate limiter around each attempt.
    #[must_use]
    pub const fn rate_limiter(mut self, limiter: RateLimiter) -> Self {
        std::mem::forget(self.rate_limiter.replace(limiter));
        self
    }

    /// Name, as errors, events and the registry give it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl Policy {
    /// Layers, from the outside in, and the limit of each attempt that is in force now.
    ///
    /// ```
    /// use resilience::Policy;
    ///
    /// static PAYMENT: Policy = Policy::important("payment");
    ///
    /// let layers = PAYMENT.layers();
    /// assert!(layers.bulkhead.is_none());
    /// if let Some(breaker) = layers.circuit_breaker {
    ///     println!("{}", breaker.state());
    /// }
    /// assert_eq!(layers.timeout, Some(std::time::Duration::from_secs(5)));
    /// ```
    #[must_use]
    #[inline]
    pub fn layers(&self) -> PolicyLayers<'_> {
        PolicyLayers {
            bulkhead: self.bulkhead.as_ref(),
            circuit_breaker: self.circuit_breaker.as_ref(),
            retry: self.retry.as_ref(),
            rate_limiter: self.rate_limiter.as_ref(),
            timeout: self.limit(),
        }
    }

    /// Counts of the calls by [`call`](Self::call).
    pub(crate) fn stats_of_calls(&self) -> CallStats {
        self.calls.stats()
    }

    /// Resets its layers, and sets the counts of [`call`](Self::call) to zero. The functions that
    /// name it have counts of their own, and so has the budget of its retry:
    /// [`Registry::reset`](crate::Registry::reset) resets everything.
    pub fn reset(&self) {
        self.calls.reset();
        if let Some(bulkhead) = &self.bulkhead {
            bulkhead.reset();
        }
        if let Some(breaker) = &self.circuit_breaker {
            breaker.reset();
        }
        if let Some(retry) = &self.retry {
            retry.reset();
        }
        if let Some(limiter) = &self.rate_limiter {
            limiter.reset();
        }
    }

    /// The bulkhead, if there is one.
    #[inline]
    pub(crate) const fn bulkhead_layer(&self) -> Option<&Bulkhead> {
        self.bulkhead.as_ref()
    }

    /// The rate limiter, if there is one.
    #[inline]
    pub(crate) const fn rate_limiter_layer(&self) -> Option<&RateLimiter> {
        self.rate_limiter.as_ref()
    }

    /// The breaker, if there is one.
    #[inline]
    pub(crate) const fn circuit_breaker_layer(&self) -> Option<&CircuitBreaker> {
        self.circuit_breaker.as_ref()
    }

    /// The retry, or one that makes one attempt.
    #[inline]
    pub(crate) fn retry_or_once(&self) -> &RetryPolicy {
        static ONCE: RetryPolicy = RetryPolicy::once();
        self.retry.as_ref().unwrap_or(&ONCE)
    }

    /// The limit of each attempt that is in force now, or one that is longer than any clock runs.
    #[inline]
    pub(crate) fn limit_or_never(&self) -> Duration {
        self.limit().unwrap_or(Duration::MAX)
    }

    #[inline]
    fn limit(&self) -> Option<Duration> {
        self.timeout.as_ref().map(Reloadable::get)
    }
}
