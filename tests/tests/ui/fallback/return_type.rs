//! A fallback with another return type.
use resilience::fallback;

async fn other_ok() -> Result<String, String> {
    Ok(String::new())
}

async fn other_error() -> Result<u32, u8> {
    Ok(1)
}

async fn no_result() -> u32 {
    1
}

#[fallback(other_ok)]
async fn first() -> Result<u32, String> {
    Err(String::new())
}

#[fallback(other_error)]
async fn second() -> Result<u32, String> {
    Err(String::new())
}

#[fallback(no_result)]
async fn third() -> Result<u32, String> {
    Err(String::new())
}

#[fallback(value = "none")]
async fn fourth() -> Result<u32, String> {
    Err(String::new())
}

#[fallback(|_failure| 3)]
async fn fifth() -> Result<u32, String> {
    Err(String::new())
}

fn main() {}
