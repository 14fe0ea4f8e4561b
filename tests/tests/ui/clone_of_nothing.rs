//! `clone(…)` names parameters.
use resilience::retry;

#[retry(clone(itms))]
async fn charge(items: Vec<u32>) -> Result<usize, String> {
    Ok(items.len())
}

pub struct NotClone;

#[retry(clone(thing))]
async fn refund(thing: NotClone) -> Result<usize, String> {
    drop(thing);
    Ok(1)
}

fn main() {}
