//! A fallback that is not async.
use resilience::fallback;

fn plain(count: u32) -> Result<u32, String> {
    Ok(count)
}

#[fallback(plain)]
async fn charge(_count: u32) -> Result<u32, String> {
    Err(String::new())
}

fn main() {}
