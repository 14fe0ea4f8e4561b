//! Under another name the attribute is not recognised among the others.
use resilience::{retry as again, timeout};

#[timeout(1s)]
#[again]
async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
