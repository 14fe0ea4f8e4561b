//! An argument that is like none that exists.
use resilience::circuit_breaker;

#[circuit_breaker(colour = 3)]
async fn charge() -> Result<(), String> {
    Ok(())
}

fn main() {}
