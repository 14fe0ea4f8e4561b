//! A result that borrows from one attempt can not be returned after another.
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
