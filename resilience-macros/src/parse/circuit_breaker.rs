//! `#[circuit_breaker(PAYMENT)]`, `#[circuit_breaker(failure_rate = 0.5, window_calls = 100)]`

use super::reader::Reader;
use super::subject;
use crate::diagnostics::Reported;
use crate::model::{CircuitBreaker, RuntimeType};

pub(super) fn read(reader: &mut Reader<'_>) -> Result<CircuitBreaker, Reported> {
    let when = reader.predicate("when");
    let when_ok = reader.predicate("when_ok");
    let subject = subject::read(reader, RuntimeType::CircuitBreaker, "PAYMENT")?;
    Ok(CircuitBreaker { subject, when, when_ok })
}
