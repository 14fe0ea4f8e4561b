//! Attempts borrow the arguments: the future is `Send` only if they are `Sync` or cloned.
use std::cell::Cell;

use resilience::retry;

async fn send(count: u32) -> Result<u32, String> {
    Ok(count)
}

#[retry]
async fn borrowed(cell: Cell<u32>) -> Result<u32, String> {
    send(1).await?;
    Ok(cell.get())
}

#[retry(clone(cell))]
async fn cloned(cell: Cell<u32>) -> Result<u32, String> {
    send(1).await?;
    Ok(cell.get())
}

fn spawn<F: Future + Send>(_future: F) {}

fn main() {
    spawn(borrowed(Cell::new(1)));
    spawn(cloned(Cell::new(1)));
}
