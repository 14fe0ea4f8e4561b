//! An attribute imported under another name is not recognized among the others.
use resilience::{retry as again, timeout};

#[timeout(1s)]
#[again]
async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
