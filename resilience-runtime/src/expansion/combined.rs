//! What `#[resilient]` expands to calls of: a layer each, if the policy has it.

use std::time::Duration;

use crate::function::Function;
use crate::outcome::{Error, Verdict};
use crate::policy::bulkhead::Permit;
use crate::policy::circuit_breaker::{Admission, CircuitBreaker};
use crate::policy::combined::Policy;
use crate::policy::retry::RetryPolicy;

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
    /// Enters, or is rejected.
    #[inline]
    pub fn enter(&mut self, function: &Function) -> Result<(), Error> {
        self.0.as_mut().map_or(Ok(()), |admission| admission.enter(Some(function)))
    }

    /// The call ended like this.
    #[inline]
    pub fn record(&mut self, verdict: Verdict) {
        if let Some(admission) = &mut self.0 {
            admission.end(verdict);
        }
    }
}

/// `#[resilient]`: in, if the policy's bulkhead has a slot free or there is none.
#[inline]
pub fn try_acquire_by(policy: &Policy) -> Option<Option<Permit<'_>>> {
    policy.pool().map_or(Some(None), |bulkhead| bulkhead.try_acquire().map(Some))
}

/// `#[resilient]`: in after a wait, or rejected, if the policy has a bulkhead.
pub async fn acquire_by<'a>(
    policy: &'a Policy,
    function: &Function,
) -> Result<Option<Permit<'a>>, Error> {
    match policy.pool() {
        Some(bulkhead) => bulkhead.wait_for_slot(Some(function)).await.map(Some),
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
