//! `clone(…)` of what can not be cloned.
use resilience::retry;

pub struct NotClone;

#[retry(clone(thing))]
async fn refund(thing: NotClone) -> Result<usize, String> {
    drop(thing);
    Ok(1)
}

fn main() {}
