use resilience::{Error, fallback};

async fn replica() -> Result<u32, Error> {
    Ok(1)
}

#[fallback(value = 0, replica)]
async fn stock() -> Result<u32, Error> {
    replica().await
}

fn main() {
    drop(stock());
}
