//! A function that can not fail, by its type.
use resilience::retry;

#[retry]
async fn charge() -> u32 {
    3
}

async fn caller() -> u32 {
    charge().await
}

fn main() {}
