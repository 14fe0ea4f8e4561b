//! Detached work can not borrow from the caller.
use resilience::timeout;
use std::sync::Arc;

struct Order<'a>(&'a str);
struct Client;

#[timeout(cancel = false)]
async fn book(
    id: u64,
    name: &str,
    list: Vec<&u64>,
    fixed: &'static str,
) -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(cancel = false)]
async fn order(order: Order<'_>) -> Result<(), resilience::Error> {
    Ok(())
}

impl Client {
    #[timeout(cancel = false)]
    async fn ask(&self) -> Result<(), resilience::Error> {
        Ok(())
    }

    #[timeout(cancel = false)]
    async fn sound(self: Arc<Self>, _fixed: &'static str) -> Result<(), resilience::Error> {
        Ok(())
    }
}

#[timeout(cancel = no)]
async fn word() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(cancel = false)]
fn sound_future(
    name: &str,
) -> impl Future<Output = Result<usize, resilience::Error>> + use<> {
    let name = name.to_owned();
    async move { Ok(name.len()) }
}

#[timeout(cancel = false)]
fn future(name: &str) -> impl Future<Output = Result<usize, resilience::Error>> {
    async move { Ok(name.len()) }
}

fn main() {}
