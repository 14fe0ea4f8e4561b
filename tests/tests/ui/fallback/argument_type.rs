//! A fallback with a parameter of another type.
use resilience::fallback;

pub struct Order;

async fn other(_order: String) -> Result<u32, String> {
    Ok(1)
}

#[fallback(other)]
async fn charge(_order: &Order) -> Result<u32, String> {
    Err(String::new())
}

fn main() {}
