//! If the crate has another name, `crate = …` is required.
use resilience as res;

#[res::timeout(1s)]
#[res::retry]
async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
