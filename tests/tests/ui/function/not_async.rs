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

// An attribute such as `#[sqlx::test]` leaves this behind, if it is written above ours.
#[timeout(1s)]
fn query() -> Result<(), resilience::Error> {
    async fn query() -> Result<(), resilience::Error> {
        Ok(())
    }
    tokio::runtime::Runtime::new().unwrap().block_on(query())
}

async fn caller() -> Result<(), resilience::Error> {
    charge()
}

fn main() {}
