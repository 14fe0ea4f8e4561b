//! An inner limit that can never pass.
use resilience::timeout;

#[timeout(1s)]
#[timeout(2s)]
async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
