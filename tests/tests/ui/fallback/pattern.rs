//! A fallback by path needs arguments with names.
use resilience::fallback;

async fn later(pair: (u32, u32)) -> Result<u32, String> {
    Ok(pair.0)
}

#[fallback(later)]
async fn charge((left, _right): (u32, u32)) -> Result<u32, String> {
    Ok(left)
}

#[fallback(later)]
async fn refund(_: (u32, u32)) -> Result<u32, String> {
    Ok(1)
}

fn main() {}
