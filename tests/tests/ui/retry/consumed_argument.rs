//! A consumed argument is gone at the next attempt: one error at the use that consumes it.
use std::sync::Arc;

use resilience::{resilient, retry, timeout};

struct Order {
    id: String,
    items: Vec<u32>,
}

static STANDARD: resilience::Policy =
    resilience::Policy::new("standard").retry(resilience::RetryPolicy::new("standard"));

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("{0}")]
    Own(String),
    #[error("{0}")]
    Resilience(#[from] resilience::Error),
}

impl From<String> for Error {
    fn from(text: String) -> Self {
        Self::Own(text)
    }
}

async fn send(items: Vec<u32>) -> Result<usize, String> {
    Ok(items.len())
}

fn id(id: String) -> usize {
    id.len()
}

#[retry(max_attempts = 3)]
async fn call(items: Vec<u32>) -> Result<usize, String> {
    send(items).await
}

#[retry]
async fn constructed(items: Vec<u32>) -> Result<Vec<u32>, String> {
    Ok(items)
}

#[retry]
async fn assigned(items: Vec<u32>) -> Result<usize, String> {
    let mine = items;
    Ok(mine.len())
}

#[retry]
async fn walked(items: Vec<u32>) -> Result<u32, String> {
    let mut sum = 0;
    for item in items {
        sum += item;
    }
    Ok(sum)
}

#[retry]
async fn used_after(items: Vec<u32>) -> Result<usize, String> {
    let length = send(items).await?;
    println!("{items:?}");
    Ok(length)
}

#[retry]
async fn spawned(items: Vec<u32>) -> Result<usize, tokio::task::JoinError> {
    tokio::spawn(async move { items.len() }).await
}

#[retry]
async fn in_a_closure(name: String) -> Result<usize, tokio::task::JoinError> {
    tokio::task::spawn_blocking(move || name.len()).await
}

#[retry]
async fn in_a_macro(items: Vec<u32>) -> Result<usize, String> {
    tokio::join!(send(items)).0
}

#[retry]
async fn as_a_field(id: String, items: Vec<u32>) -> Result<Order, String> {
    Ok(Order { id, items: items.into_iter().collect() })
}

#[retry]
#[timeout(1s)]
async fn in_part(order: Order) -> Result<usize, resilience::Error> {
    log(&order.items);
    Ok(id(order.id))
}

fn log(_: &[u32]) {}

#[retry]
async fn generic<T: Into<String>>(name: T) -> Result<String, String> {
    Ok(join(name, "!"))
}

fn join(first: impl Into<String>, second: &str) -> String {
    first.into() + second
}

#[resilient(STANDARD)]
async fn under_a_policy(items: Vec<u32>) -> Result<usize, Error> {
    Ok(send(items).await?)
}

#[retry]
async fn shared(items: Arc<Vec<u32>>) -> Result<usize, String> {
    Ok(count(items))
}

fn count(items: Arc<Vec<u32>>) -> usize {
    items.len()
}

fn main() {}
