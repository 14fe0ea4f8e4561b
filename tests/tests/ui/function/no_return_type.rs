//! A function that can not fail, by its signature.
use resilience::retry;

#[retry]
async fn charge() {}

async fn caller() {
    charge().await;
}

fn main() {}
