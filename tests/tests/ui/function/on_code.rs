//! An attribute on code inside a function. rustc refuses the place, and the attribute adds the fix.

use resilience::{Error, retry, timeout};

async fn send() -> Result<u32, Error> {
    Ok(1)
}

async fn on_a_closure() {
    let _ = #[retry]
    || async { send().await };
}

async fn on_a_block() -> Result<u32, Error> {
    let answer = #[timeout(5s)]
    {
        send().await?
    };
    Ok(answer)
}

async fn on_a_statement() -> Result<u32, Error> {
    #[retry]
    let answer = send().await?;
    Ok(answer)
}

async fn on_a_call() -> Result<(), Error> {
    #[retry]
    send().await?;
    Ok(())
}

fn main() {}
