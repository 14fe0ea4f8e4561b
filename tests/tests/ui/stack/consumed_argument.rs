//! A consumed argument under a retry with a timeout inside, and under a fallback.
use resilience::{fallback, retry, timeout};

fn join(first: String, second: &str) -> String {
    first + second
}

async fn later(name: String) -> Result<String, resilience::Error> {
    Ok(name)
}

#[retry]
#[timeout(1s)]
async fn charge(name: String) -> Result<String, resilience::Error> {
    let greeting = join(name, "!");
    Ok(greeting)
}

#[fallback(later)]
async fn greet(name: String) -> Result<String, resilience::Error> {
    let greeting = join(name, "!");
    Ok(greeting)
}

fn main() {}
