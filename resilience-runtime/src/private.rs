//! What the attributes expand to calls of. Not part of the API: it changes with the attributes.

pub use crate::bulkhead::Permit;
pub use crate::circuit_breaker::Admission;
pub use crate::classify::{Classified, Probe, Unclassified, Verdict, breaker_when, retry_when};
pub use crate::fallback::{asks, given, used};
pub use crate::function::Function;
pub use crate::outcome::instead_of;
pub use crate::registry::{
    AnnotatedFunction, Declared, Declares, DeclaresNothing, FixedLimit, Layer, Listed, Listing,
    Named,
};
pub use crate::retry::{Durations, Next, Run, sleep_before_next};
pub use crate::timeout::{Watch, timeout};
pub use inventory::submit as register;

use std::time::Duration;

use crate::error::Error;
use crate::{BackoffKind, Bulkhead, CircuitBreaker, Policy, RetryPolicy};

/// `#[circuit_breaker]`: the guard of a call, which has yet to enter.
#[inline]
pub fn admission(breaker: &CircuitBreaker) -> Admission<'_> {
    breaker.admission()
}

/// `#[resilient]`: the same, if the policy has a breaker.
#[inline]
pub fn admission_by(policy: &Policy) -> AdmissionBy<'_> {
    AdmissionBy(policy.breaker().map(CircuitBreaker::admission))
}

/// The admission of a policy's breaker, if it has one.
#[derive(Debug)]
#[must_use]
pub struct AdmissionBy<'a>(Option<Admission<'a>>);

impl AdmissionBy<'_> {
    /// Enters, or is turned away.
    #[inline]
    pub fn enter(&mut self, function: &Function) -> Result<(), Error> {
        self.0.as_mut().map_or(Ok(()), |admission| admission.enter(function))
    }

    /// The call ended like this.
    #[inline]
    pub fn record(&mut self, verdict: Verdict) {
        if let Some(admission) = &mut self.0 {
            admission.record(verdict);
        }
    }
}

/// `#[bulkhead]`: in, if there is a place free.
#[inline]
pub fn try_acquire(bulkhead: &Bulkhead) -> Option<Permit<'_>> {
    bulkhead.try_acquire()
}

/// `#[bulkhead]`: in after a wait, or turned away.
pub fn acquire<'a>(
    bulkhead: &'a Bulkhead,
    function: &'a Function,
) -> impl Future<Output = Result<Permit<'a>, Error>> {
    bulkhead.queue_up(Some(function))
}

/// `#[resilient]`: in, if the policy's bulkhead has a place free or there is none.
#[inline]
pub fn try_acquire_by(policy: &Policy) -> Option<Option<Permit<'_>>> {
    policy.pool().map_or(Some(None), |bulkhead| bulkhead.try_acquire().map(Some))
}

/// `#[resilient]`: in after a wait, or turned away, if the policy has a bulkhead.
pub async fn acquire_by<'a>(
    policy: &'a Policy,
    function: &Function,
) -> Result<Option<Permit<'a>>, Error> {
    match policy.pool() {
        Some(bulkhead) => bulkhead.queue_up(Some(function)).await.map(Some),
        None => Ok(None),
    }
}

/// `#[resilient]`: the retry of the policy, or one that makes one attempt.
#[inline]
#[must_use]
pub fn retry_by(policy: &Policy) -> &RetryPolicy {
    policy.retry_or_once()
}

/// `#[resilient]`: the limit of the policy, or one that no clock will tell.
#[inline]
#[must_use]
pub fn limit_by(policy: &Policy) -> Duration {
    policy.limit_or_never()
}

/// What the registry knows of a backoff that the attribute gives as an expression: it is asked for anew after each failure, and never this.
pub const BACKOFF_OF_THE_CALL: BackoffKind = BackoffKind::Custom(|_| Duration::ZERO);

/// `drop`, for values that may have nothing to drop.
pub fn discard<T>(_value: T) {}
