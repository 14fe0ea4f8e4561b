//! An unknown argument that resembles a known one.
use resilience::retry;

#[retry(max_atempts = 3)]
async fn charge() -> Result<(), String> {
    Ok(())
}

fn main() {}
