//! The deadline that a `#[timeout]` sets, as the code inside it sees it.

use std::time::Duration;

use resilience::{Error, deadline, remaining, timeout};
use tokio::time::{Instant, sleep};

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

#[timeout(limit)]
async fn asked(limit: Duration) -> Result<Option<Duration>, Error> {
    Ok(remaining())
}

#[timeout(300ms)]
async fn asked_after(wait: Duration) -> Result<Option<Duration>, Error> {
    sleep(wait).await;
    Ok(remaining())
}

#[timeout(1s)]
async fn around(inner: Duration) -> Result<Option<Duration>, Error> {
    sleep(ms(400)).await;
    asked(inner).await
}

#[tokio::test(start_paused = true)]
async fn without_a_timeout_there_is_none() {
    assert_eq!(deadline(), None);
    assert_eq!(remaining(), None);
}

#[tokio::test(start_paused = true)]
async fn it_is_the_limit_from_the_first_question_or_suspension_on() {
    assert_eq!(asked(ms(200)).await, Ok(Some(ms(200))));
    assert_eq!(asked_after(ms(100)).await, Ok(Some(ms(200))));
}

#[tokio::test(start_paused = true)]
async fn it_is_that_of_the_timeout_that_ends_first() {
    assert_eq!(around(ms(200)).await, Ok(Some(ms(200))));
    assert_eq!(around(ms(900)).await, Ok(Some(ms(600))));
}

#[tokio::test(start_paused = true)]
async fn it_is_gone_when_the_call_is_over() {
    assert_eq!(asked(ms(200)).await, Ok(Some(ms(200))));
    assert_eq!(deadline(), None);
}

#[timeout(100ms)]
async fn asks_and_then_waits(asked: &mut Option<Instant>) -> Result<(), Error> {
    *asked = deadline();
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn the_call_ends_at_the_deadline_it_was_told() {
    let mut told = None;
    assert!(asks_and_then_waits(&mut told).await.is_err());
    assert_eq!(told, Some(Instant::now()));
}

#[timeout(100ms)]
async fn spawns() -> Result<Option<Instant>, Error> {
    let spawned = tokio::spawn(async { deadline() });
    Ok(spawned.await.expect("the task does not panic"))
}

#[tokio::test(start_paused = true)]
async fn a_spawned_task_has_none() {
    assert_eq!(spawns().await, Ok(None));
}
