//! Attributes on an item that is no function.
use resilience::{circuit_breaker, retry};

#[retry]
pub struct Order {
    pub id: u32,
}

#[circuit_breaker]
impl Order {
    pub fn id(&self) -> u32 {
        self.id
    }
}

pub trait Send {
    #[retry]
    async fn send(&self) -> Result<(), String>;
}

fn main() {}
