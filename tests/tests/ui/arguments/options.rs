//! Options of the whole function.
use resilience::{retry, timeout};

#[retry(name = 3)]
async fn number() -> Result<(), String> {
    Ok(())
}

#[retry(name = "")]
async fn empty() -> Result<(), String> {
    Ok(())
}

#[retry(crate = "my_resilience")]
async fn quoted() -> Result<(), String> {
    Ok(())
}

#[retry(crate = 3)]
async fn no_path() -> Result<(), String> {
    Ok(())
}

#[retry(name = "shop::one")]
#[timeout(1s, name = "shop::another")]
async fn twice() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(name = "payment")]
async fn retried() -> Result<(), String> {
    Ok(())
}

fn main() {}
