//! `clone(…)` of an argument that is not `Clone`.
use resilience::retry;

pub struct NotClone;

#[retry(clone(thing))]
async fn refund(thing: NotClone) -> Result<usize, String> {
    drop(thing);
    Ok(1)
}

fn main() {}
