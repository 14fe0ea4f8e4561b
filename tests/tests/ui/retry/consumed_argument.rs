//! A consumed argument is gone at the next attempt: the error is that of rustc, on the expression.
use resilience::retry;

async fn send(items: Vec<u32>) -> Result<usize, String> {
    Ok(items.len())
}

#[retry(max_attempts = 3)]
async fn charge(items: Vec<u32>) -> Result<usize, String> {
    send(items).await
}

fn main() {}
