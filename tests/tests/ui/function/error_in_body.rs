//! A mistake in the body is reported as without attributes.
use resilience::{retry, timeout};

#[retry]
#[timeout(1s)]
async fn wrong_type(count: u32) -> Result<String, resilience::Error> {
    Ok(count)
}

#[retry]
async fn no_semicolon_result(count: u32) -> Result<u32, String> {
    Ok(count);
}

#[retry]
async fn unknown_name() -> Result<u32, String> {
    Ok(cuont)
}

#[timeout(1s)]
async fn no_conversion(text: &str) -> Result<u32, resilience::Error> {
    Ok(text.parse()?)
}

fn main() {}
