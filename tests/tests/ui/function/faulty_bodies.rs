//! Mistakes in a body are found where they would be without the attribute.
use resilience::{Error, retry, timeout};

async fn number() -> Result<u32, Error> {
    Ok(1)
}

#[timeout(1s)]
async fn missing_ok() -> Result<u32, Error> {
    let number = number().await?;
    number
}

#[retry]
async fn missing_unit() -> Result<(), Error> {
    number().await?;
}

#[timeout(1s)]
async fn missing_await() -> Result<u32, Error> {
    number()
}

#[timeout(1s)]
async fn stray_break(stop: bool) -> Result<u32, Error> {
    if stop {
        break;
    }
    Ok(1)
}

#[timeout(1s)]
async fn wrong_return(stop: bool) -> Result<u32, Error> {
    if stop {
        return 1;
    }
    Ok(1)
}

fn main() {}
