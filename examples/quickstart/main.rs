//! A call that fails, hangs, and succeeds at its third attempt: `cargo run --example quickstart`.

use std::io::{Error, ErrorKind};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use resilience::{CircuitBreaker, circuit_breaker, retry, timeout};

static WAREHOUSE: CircuitBreaker = CircuitBreaker::new("warehouse");

#[circuit_breaker(WAREHOUSE)]
#[retry(max_attempts = 3, base_delay = 100ms)]
#[timeout(300ms)]
async fn stock(item: &str) -> Result<String, Error> {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    match CALLS.fetch_add(1, Relaxed) {
        0 => Err(ErrorKind::ConnectionReset.into()),
        1 => std::future::pending().await, // no answer: the timeout ends this attempt
        _ => Ok(format!("7 pieces of {item}")),
    }
}

#[tokio::main]
async fn main() {
    let _observer = resilience::observe(|event| println!("{event:?}"));
    println!("{:?}", stock("rope").await);
}
