//! Calls through one policy.

use resilience::{Bulkhead, CircuitBreaker, Error, Failure};

/// Makes a call that fails.
///
/// # Panics
///
/// If the circuit breaker rejects it.
pub async fn fail(breaker: &CircuitBreaker) {
    let failed = breaker.call(async || Err::<(), _>("down")).await;
    assert_eq!(failed, Err(Failure::Function("down")), "`{}` admits calls", breaker.name());
}

/// Makes a call that succeeds.
///
/// # Panics
///
/// If the circuit breaker rejects it.
pub async fn succeed(breaker: &CircuitBreaker) {
    let succeeded = breaker.call(async || Ok::<_, ()>(1)).await;
    assert_eq!(succeeded, Ok(1), "`{}` admits calls", breaker.name());
}

/// Makes a call that the circuit breaker rejects, and returns the error.
///
/// # Panics
///
/// If the circuit breaker admits it.
pub async fn rejected(breaker: &CircuitBreaker) -> Error {
    let call = async || -> Result<(), ()> { panic!("a rejected call is not made") };
    match breaker.call(call).await {
        Err(Failure::Policy(error @ Error::CircuitOpen { name, .. })) if name == breaker.name() => {
            error
        }
        other => panic!("`{}` has not rejected the call: {other:?}", breaker.name()),
    }
}

/// Makes a call that ends as soon as it is in the bulkhead.
///
/// # Errors
///
/// If the bulkhead rejects it.
pub async fn enter(bulkhead: &Bulkhead) -> Result<(), Failure<()>> {
    bulkhead.call(async || Ok(())).await
}
