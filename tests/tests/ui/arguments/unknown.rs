//! An argument that does not exist, but nearly.
use resilience::retry;

#[retry(max_atempts = 3)]
async fn charge() -> Result<(), String> {
    Ok(())
}

fn main() {}
