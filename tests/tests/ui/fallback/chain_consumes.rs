//! An owned argument is moved to the first fallback of a chain that takes it.
use resilience::fallback;

async fn replica(key: String) -> Result<u32, String> {
    Err(key)
}

async fn cache(key: String) -> Result<u32, String> {
    Err(key)
}

#[fallback(replica, cache)]
async fn stock(key: String) -> Result<u32, String> {
    Err(key.clone())
}

fn main() {}
