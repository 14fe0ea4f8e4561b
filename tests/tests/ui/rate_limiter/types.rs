//! Types that do not fit: the limiter, the cost and the error.
use resilience::{Bulkhead, rate_limiter};

static POOL: Bulkhead = Bulkhead::new("github");

#[rate_limiter(POOL)]
async fn bulkhead() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(GITHUP)]
async fn misspelt() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(per_second = 10, cost = rows.len())]
async fn cost(rows: Vec<u8>) -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(per_second = 10)]
async fn no_from() -> Result<(), String> {
    Ok(())
}

fn main() {}
