//! The layers of a combined policy.

use std::io;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use resilience::{Bulkhead, CircuitBreaker, Class, Policy, RetryPolicy};

static PAYMENT: Policy = Policy::new("payment")
    .bulkhead(Bulkhead::new("payment pool"))
    .circuit_breaker(CircuitBreaker::new("payment breaker"))
    .retry(RetryPolicy::new("payment retry").base_delay(Duration::ZERO))
    .timeout(Duration::from_secs(3));

#[test]
fn a_policy_gives_its_layers() {
    let layers = PAYMENT.layers();
    assert_eq!(layers.bulkhead.map(Bulkhead::name), Some("payment pool"));
    assert_eq!(layers.circuit_breaker.map(CircuitBreaker::name), Some("payment breaker"));
    assert_eq!(layers.retry.map(RetryPolicy::name), Some("payment retry"));
    assert_eq!(layers.timeout, Some(Duration::from_secs(3)));
    let none = Policy::new("none");
    let layers = none.layers();
    assert!(layers.bulkhead.is_none() && layers.circuit_breaker.is_none());
    assert!(layers.retry.is_none() && layers.timeout.is_none());
}

#[tokio::test(start_paused = true)]
async fn call_asks_the_error_for_its_class_and_call_with_a_function() {
    let attempts = AtomicU32::new(0);
    let call = async || {
        attempts.fetch_add(1, Relaxed);
        Err::<(), _>(io::Error::from(io::ErrorKind::NotFound))
    };
    assert!(PAYMENT.call(call).await.is_err());
    assert_eq!(attempts.swap(0, Relaxed), 1);
    assert!(PAYMENT.call_with(|_| Class::Transient, call).await.is_err());
    assert_eq!(attempts.swap(0, Relaxed), 3);
    let failures = PAYMENT.layers().circuit_breaker.map(|breaker| breaker.snapshot().failures);
    assert_eq!(failures, Some(1), "the first call said nothing about the dependency");
}
