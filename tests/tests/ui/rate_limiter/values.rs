//! Options that a rate limiter can not have.
use resilience::rate_limiter;

#[rate_limiter(per_second = 0)]
async fn no_rate() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(per = (0, 1min))]
async fn no_calls() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(per = (10, 0s))]
async fn no_time() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(per = (1_001, 1us))]
async fn too_fast() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(per = 100)]
async fn no_pair() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(per = (1.5, 1))]
async fn two_mistakes() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(burst = 0)]
async fn no_burst() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(per = (1, 8760h), burst = 11)]
async fn too_long() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(per_second = 1, burst = 1_000_000_000)]
async fn too_large() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(per_second = 10, per = (10, 1s))]
async fn both() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(obey_retry_after = 1)]
async fn no_switch() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(per_second = 10, cost = 0)]
async fn no_cost() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(per_second = 10, cost = "two")]
async fn no_number() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(rps = 10, capacity = 3)]
async fn other_names() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
