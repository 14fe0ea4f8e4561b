//! The key of an instance, in errors, events, snapshots and messages.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use resilience::{Bulkhead, CircuitBreaker, Error, Event, Failure, Keyed, observe};

fn policy_error<T: std::fmt::Debug>(result: Result<T, Failure<()>>) -> Error {
    match result {
        Err(Failure::Policy(error)) => error,
        other => panic!("not rejected: {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_breaker_names_its_key() {
    static PER_HOST: Keyed<CircuitBreaker> =
        Keyed::new(CircuitBreaker::new("host").open_for(Duration::from_secs(12)));
    let events = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&events);
    let _guard = observe(move |event| {
        if let Event::CircuitBreakerTransition { name: "host", .. }
        | Event::CircuitBreakerRejected { name: "host", .. } = event
        {
            seen.lock().expect("no test panics here").push(event.clone());
        }
    });
    let breaker = PER_HOST.get("a.example");
    for _ in 0..5 {
        assert!(breaker.call(async || Err::<(), ()>(())).await.is_err());
    }
    let error = policy_error(breaker.call(async || Ok(())).await);
    assert_eq!((error.name(), error.key()), ("host", Some("a.example")));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(12)));
    assert_eq!(
        error.to_string(),
        "circuit breaker `host` (key `a.example`) is open because of a run of failures: the call \
         was not made; come back in 12s"
    );
    assert_eq!(breaker.key(), Some("a.example"));
    assert_eq!(breaker.snapshot().key.as_deref(), Some("a.example"));
    let keys: Vec<_> = events.lock().expect("no observer panics").iter().map(key_of).collect();
    assert_eq!(keys, [Some(String::from("a.example")), Some(String::from("a.example"))]);
}

fn key_of(event: &Event) -> Option<String> {
    match event {
        Event::CircuitBreakerTransition { key, .. }
        | Event::CircuitBreakerRejected { key, .. }
        | Event::BulkheadRejected { key, .. } => key.as_deref().map(String::from),
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_bulkhead_names_its_key_as_it_is_displayed() {
    static PER_TENANT: Keyed<Bulkhead, u64> =
        Keyed::new(Bulkhead::new("tenant").max_concurrent(1).max_wait(Duration::ZERO));
    let pool = PER_TENANT.get(&7);
    let _permit = pool.try_acquire();
    let error = policy_error(pool.call(async || Ok(())).await);
    let expected =
        Error::BulkheadFull { name: "tenant", key: Some("7".into()), active: 1, waiting: 0 };
    assert_eq!(error, expected);
    assert!(error.to_string().starts_with("bulkhead `tenant` (key `7`) is full: 1 inside"));
    assert_eq!((pool.snapshot().name, pool.snapshot().key.as_deref()), ("tenant", Some("7")));
}

#[test]
fn the_overflow_instance_has_no_key() {
    static PER_HOST: Keyed<Bulkhead> = Keyed::new(Bulkhead::new("host")).capacity(1);
    let held = PER_HOST.get("a.example");
    let overflow = PER_HOST.get("b.example");
    assert_eq!((held.key(), overflow.key()), (Some("a.example"), None));
    assert!(Arc::ptr_eq(&overflow, &PER_HOST.get("c.example")));
}
