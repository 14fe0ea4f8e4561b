//! A retry that never sees a failure.
use resilience::{fallback, retry};

#[retry]
#[fallback(value = 0)]
async fn charge() -> Result<u32, String> {
    Err(String::new())
}

fn main() {}
