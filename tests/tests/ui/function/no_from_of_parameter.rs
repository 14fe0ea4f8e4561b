//! Errors that are type parameters, without the bound: rustc offers it.
use resilience::{bulkhead, timeout};

#[timeout(1s)]
async fn of_function<Failed>() -> Result<(), Failed> {
    Ok(())
}

struct Client<E>(E);

impl<E> Client<E> {
    #[bulkhead(max_concurrent = 2)]
    async fn of_impl(&self) -> Result<(), E> {
        Ok(())
    }
}

#[timeout(1s)]
async fn right<E: From<resilience::Error>>() -> Result<(), E> {
    Ok(())
}

fn main() {}
