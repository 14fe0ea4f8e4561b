//! Functions whose future the attributes can not find, and one that never returns.
use std::future::Future;
use std::pin::Pin;

use resilience::{retry, timeout};

#[retry]
fn in_a_variable() -> Pin<Box<dyn Future<Output = Result<u32, String>>>> {
    let work = async { Ok(1) };
    Box::pin(work)
}

#[timeout(1s)]
async fn never() -> ! {
    loop {}
}

fn main() {}
