//! An unknown argument that resembles none.
use resilience::circuit_breaker;

#[circuit_breaker(colour = 3)]
async fn charge() -> Result<(), String> {
    Ok(())
}

fn main() {}
