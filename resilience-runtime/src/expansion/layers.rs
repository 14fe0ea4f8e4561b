//! What the attributes of single layers expand to calls of.

use std::future::Future;
use std::time::Duration;

use crate::function::Function;
use crate::outcome::{Error, Verdict};
use crate::policy::bulkhead::{Bulkhead, Permit};
use crate::policy::circuit_breaker::{Admission, CircuitBreaker};
use resilience_options::BackoffKind;

/// `#[circuit_breaker]`: the admission of a call, which has yet to enter.
#[inline]
pub fn admission(breaker: &CircuitBreaker) -> AdmissionInPlace<'_> {
    AdmissionInPlace(breaker.admission())
}

/// An admission that is entered and recorded in its place: to move it would cost more than the rest
/// of a successful call.
#[derive(Debug)]
#[must_use]
pub struct AdmissionInPlace<'a>(Admission<'a>);

impl AdmissionInPlace<'_> {
    /// Enters the breaker, or is rejected.
    #[inline]
    pub fn enter(&mut self, function: &Function) -> Result<(), Error> {
        self.0.enter(Some(function))
    }

    /// Records the result of the call.
    #[inline]
    pub fn record(&mut self, verdict: Verdict) {
        self.0.end(verdict);
    }
}

/// `#[bulkhead]`: in, if there is a slot free.
#[inline]
pub fn try_acquire(bulkhead: &Bulkhead) -> Option<Permit<'_>> {
    bulkhead.try_acquire()
}

/// `#[bulkhead]`: in after a wait, or rejected.
pub fn acquire<'a>(
    bulkhead: &'a Bulkhead,
    function: &'a Function,
) -> impl Future<Output = Result<Permit<'a>, Error>> {
    bulkhead.wait_for_slot(Some(function))
}

/// What the registry knows of a backoff that the attribute gives as an expression: it is asked for
/// anew after each failure, and never this.
pub const BACKOFF_OF_THE_CALL: BackoffKind = BackoffKind::Custom(|_| Duration::ZERO);

/// `drop`, for values that may have nothing to drop.
pub fn discard<T>(_value: T) {}
