//! A fallback that does not exist, one that is called, and none at all.
use resilience::fallback;

async fn later() -> Result<u32, String> {
    Ok(1)
}

#[fallback(latre)]
async fn misspelt() -> Result<u32, String> {
    later().await
}

#[fallback(later())]
async fn called() -> Result<u32, String> {
    Err(String::new())
}

#[fallback]
async fn none() -> Result<u32, String> {
    Err(String::new())
}

#[fallback("later")]
async fn quoted() -> Result<u32, String> {
    Err(String::new())
}

fn main() {}
