//! A `const` for a `static`.
use resilience::{AdaptiveTimeout, Bulkhead, CircuitBreaker, Error, Keyed, Policy, RetryPolicy};
use resilience::{bulkhead, circuit_breaker, resilient, retry, timeout};
use std::sync::LazyLock;
mod module {
    pub const C: resilience::CircuitBreaker = resilience::CircuitBreaker::new("m");
}
const B: CircuitBreaker = CircuitBreaker::new("b");
const K: Bulkhead = Bulkhead::new("k").max_concurrent(2);
const P: Policy = Policy::important("p");
const R: RetryPolicy = RetryPolicy::new("r");
const A: AdaptiveTimeout = AdaptiveTimeout::new("r");
const L: LazyLock<CircuitBreaker> = LazyLock::new(|| CircuitBreaker::new("l"));
const KEYED: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("k"));
#[circuit_breaker(B)]
pub async fn f1() -> Result<(), Error> {
    Ok(())
}
#[circuit_breaker(module::C)]
pub async fn f2() -> Result<(), Error> {
    Ok(())
}
#[circuit_breaker(L)]
pub async fn f3() -> Result<(), Error> {
    Ok(())
}
#[bulkhead(K)]
pub async fn f4() -> Result<(), Error> {
    Ok(())
}
#[resilient(P)]
pub async fn f5() -> Result<(), Error> {
    Ok(())
}
#[retry(R)]
pub async fn f6() -> Result<(), Error> {
    Ok(())
}
#[timeout(A)]
pub async fn f8() -> Result<(), Error> {
    Ok(())
}
#[circuit_breaker(&B)]
pub async fn f9() -> Result<(), Error> {
    Ok(())
}
#[circuit_breaker(KEYED.get(host))]
pub async fn f10(host: &str) -> Result<(), Error> {
    Ok(())
}

fn main() {}
