//! What is lent out for good can't be lent to the next attempt.
use resilience::retry;

pub struct Client {
    calls: u32,
}

impl Client {
    #[retry]
    pub async fn calls(&mut self) -> Result<&mut u32, String> {
        Ok(&mut self.calls)
    }
}

fn main() {}
