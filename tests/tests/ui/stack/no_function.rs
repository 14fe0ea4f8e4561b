//! Several attributes on an item that is no function: one error.
use resilience::{circuit_breaker, retry, timeout};

#[retry]
#[timeout(1s)]
pub struct Order;

#[retry]
#[circuit_breaker]
mod payment {}

pub trait Payment {
    #[retry]
    #[timeout(1s)]
    async fn charge(&self) -> Result<(), String>;
}

#[retry]
#[timeout(1s)]
const fn constant() -> Result<u32, String> {
    Ok(1)
}

#[retry]
#[timeout(1s)]
fn plain() -> Result<u32, String> {
    Ok(1)
}

#[retry]
#[timeout(1s)]
async fn number() -> u32 {
    1
}

fn main() {}
