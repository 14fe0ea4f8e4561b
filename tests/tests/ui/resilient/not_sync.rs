//! The attempts of a policy borrow the arguments, as under a retry.
use std::cell::Cell;

use resilience::{Policy, resilient};

static PAYMENT: Policy = Policy::new("payment");

async fn send(count: u32) -> Result<u32, resilience::Error> {
    Ok(count)
}

#[resilient(PAYMENT)]
async fn charge(cell: Cell<u32>) -> Result<u32, resilience::Error> {
    send(1).await?;
    Ok(cell.get())
}

fn spawn<F: Future + Send>(_future: F) {}

fn main() {
    spawn(charge(Cell::new(1)));
}
