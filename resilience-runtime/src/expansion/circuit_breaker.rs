//! `#[circuit_breaker]`: a breaker, or that of a combined policy.

use crate::function::Function;
use crate::outcome::{Cause, Error, Verdict};
use crate::policy::circuit_breaker::{Admission, CircuitBreaker};
use crate::policy::combined::Policy;

/// A layer that admits calls or rejects them: a breaker, or a policy that may have one.
pub trait CircuitBreakerLayer {
    /// Guard of a call.
    type Admission<'a>
    where
        Self: 'a;

    /// Guard of a call that has yet to enter.
    fn admission(&self) -> Self::Admission<'_>;
}

/// Guard of a call that has yet to enter.
#[inline]
pub fn admission<L: CircuitBreakerLayer>(layer: &L) -> L::Admission<'_> {
    layer.admission()
}

impl CircuitBreakerLayer for CircuitBreaker {
    type Admission<'a> = AdmissionInPlace<'a>;

    #[inline]
    fn admission(&self) -> AdmissionInPlace<'_> {
        AdmissionInPlace(self.admission())
    }
}

impl CircuitBreakerLayer for Policy {
    type Admission<'a> = PolicyAdmission<'a>;

    #[inline]
    fn admission(&self) -> PolicyAdmission<'_> {
        PolicyAdmission(self.circuit_breaker_layer().map(CircuitBreaker::admission))
    }
}

/// Guard of a call, entered and recorded in its place: to move it would cost more than the rest of
/// a successful call.
#[derive(Debug)]
#[must_use]
pub struct AdmissionInPlace<'a>(Admission<'a>);

impl AdmissionInPlace<'_> {
    /// Enters, or is rejected.
    #[inline]
    pub fn enter(&mut self, function: &Function) -> Result<(), Error> {
        self.0.enter(Some(function))
    }

    /// Records the result of the call.
    #[inline]
    pub fn record(&mut self, verdict: Verdict, cause: Cause<'_>) {
        self.0.end(verdict, cause);
    }
}

/// Guard of a call through a policy's breaker, if it has one.
#[derive(Debug)]
#[must_use]
pub struct PolicyAdmission<'a>(Option<Admission<'a>>);

impl PolicyAdmission<'_> {
    /// Enters, or is rejected.
    #[inline]
    pub fn enter(&mut self, function: &Function) -> Result<(), Error> {
        self.0.as_mut().map_or(Ok(()), |admission| admission.enter(Some(function)))
    }

    /// Records the result of the call.
    #[inline]
    pub fn record(&mut self, verdict: Verdict, cause: Cause<'_>) {
        if let Some(admission) = &mut self.0 {
            admission.end(verdict, cause);
        }
    }
}
