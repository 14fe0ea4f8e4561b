//! Expressions that are no fallback.
use resilience::{Policy, fallback, resilient};

static POLICY: Policy = Policy::important("payment");

struct Client;

impl Client {
    #[fallback(self.later)]
    async fn method(&self, order: u32) -> Result<u32, resilience::Error> {
        Ok(order)
    }

    async fn later(&self, order: u32) -> Result<u32, resilience::Error> {
        Ok(order)
    }
}

async fn later(order: u32) -> Result<u32, resilience::Error> {
    Ok(order)
}

#[fallback("later")]
async fn quoted(order: u32) -> Result<u32, resilience::Error> {
    Ok(order)
}

#[fallback(later())]
async fn called(order: u32) -> Result<u32, resilience::Error> {
    Ok(order)
}

#[fallback(Ok(3))]
async fn result() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[resilient(POLICY, later)]
async fn beside_a_policy(order: u32) -> Result<u32, resilience::Error> {
    Ok(order)
}

fn main() {}
