//! A mistake in one attribute does not make the imports of the others unused.
#![deny(warnings)]

mod policies {
    use resilience::{Bulkhead, CircuitBreaker};

    pub static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");
    pub static POOL: Bulkhead = Bulkhead::new("payment");

    pub async fn later() -> Result<(), resilience::Error> {
        Ok(())
    }
}

use policies::{PAYMENT, POOL, later};
use resilience::{bulkhead, circuit_breaker, fallback, retry};
use std::time::Duration;

#[fallback(later)]
#[bulkhead(POOL)]
#[circuit_breaker(PAYMENT)]
#[retry(max_atempts = 3, base_delay = Duration::from_secs(1))]
pub async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
