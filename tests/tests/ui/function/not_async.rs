//! A function that is not async.
use resilience::{retry, timeout};

#[timeout(1s)]
fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry]
const fn constant() -> Result<(), String> {
    Ok(())
}

async fn caller() -> Result<(), resilience::Error> {
    charge()
}

fn main() {}
