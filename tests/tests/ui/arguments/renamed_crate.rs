//! Where the crate goes by another name, `crate = …` says which.
use resilience as res;

#[res::timeout(1s)]
#[res::retry]
async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
