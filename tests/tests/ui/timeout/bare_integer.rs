//! A number without a unit is no duration.
use resilience::timeout;

#[timeout(500)]
async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
