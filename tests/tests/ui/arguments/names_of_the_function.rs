//! `name` is the function's, not the policy's.
use resilience::{Policy, bulkhead, circuit_breaker, resilient, retry, timeout};

#[circuit_breaker(name = "payment")]
async fn f0() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(name = "payment", failure_threshold = 3)]
async fn f1() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[bulkhead(name = "payment-pool")]
async fn f2() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(name = "backendA")]
async fn f3() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[timeout(5s, name = "payment")]
async fn f4() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[resilient(POLICY, name = "payment")]
async fn f5() -> Result<u32, resilience::Error> {
    Ok(1)
}

static POLICY: Policy = Policy::important("payment");

fn main() {}
