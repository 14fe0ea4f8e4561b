//! Detached work must be `Send`.
use resilience::timeout;
use std::rc::Rc;

#[timeout(cancel = false)]
async fn book(id: Rc<u64>) -> Result<u64, resilience::Error> {
    Ok(*id)
}

fn main() {}
