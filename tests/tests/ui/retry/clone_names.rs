//! Arguments that `clone(…)` can not clone.
use resilience::retry;

#[retry(clone(itms))]
async fn misspelt(items: Vec<u32>) -> Result<usize, String> {
    Ok(items.len())
}

#[retry(clone(colour))]
async fn far(items: Vec<u32>, other: String) -> Result<usize, String> {
    Ok(items.len() + other.len())
}

#[retry(clone())]
async fn nothing(items: Vec<u32>) -> Result<usize, String> {
    Ok(items.len())
}

#[retry(clone(items, items))]
async fn twice(items: Vec<u32>) -> Result<usize, String> {
    Ok(items.len())
}

#[retry(clone(items.len()))]
async fn expression(items: Vec<u32>) -> Result<usize, String> {
    Ok(items.len())
}

#[derive(Clone)]
struct Client;

impl Client {
    #[retry(clone(self))]
    async fn consumed(self) -> Result<usize, String> {
        drop(self);
        Ok(1)
    }
}

fn main() {}
