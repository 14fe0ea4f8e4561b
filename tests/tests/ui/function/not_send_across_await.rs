//! A value in the body that is not `Send` while the body waits.
use std::rc::Rc;

use resilience::{retry, timeout};

async fn send(count: u32) -> Result<u32, resilience::Error> {
    Ok(count)
}

#[retry]
async fn retried(count: u32) -> Result<u32, resilience::Error> {
    let shared = Rc::new(count);
    send(1).await?;
    Ok(*shared)
}

#[timeout(1s)]
async fn limited(count: u32) -> Result<u32, resilience::Error> {
    let shared = Rc::new(count);
    send(1).await?;
    Ok(*shared)
}

fn spawn<F: Future + Send>(_future: F) {}

fn main() {
    spawn(retried(1));
    spawn(limited(1));
}
