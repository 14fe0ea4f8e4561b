//! A fallback with fewer parameters, and one with more.
use resilience::fallback;

pub struct Order;

async fn none() -> Result<u32, String> {
    Ok(1)
}

async fn more(_order: &Order, _count: u32) -> Result<u32, String> {
    Ok(1)
}

#[fallback(none)]
async fn charge(_order: &Order) -> Result<u32, String> {
    Err(String::new())
}

#[fallback(more)]
async fn refund(_order: &Order) -> Result<u32, String> {
    Err(String::new())
}

fn main() {}
