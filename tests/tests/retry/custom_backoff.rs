//! Delays computed by a function of the user.

use std::time::Duration;

use resilience::{BackoffKind, RetryPolicy, retry, timeout};
use resilience_tests::ms;
use tokio::time::Instant;

fn squares(attempt: u32) -> Duration {
    ms(100) * attempt * attempt
}

struct Client {
    pause: Duration,
}

impl Client {
    #[retry(max_attempts = 4, backoff = |attempt| self.pause * attempt)]
    async fn by_field(&self) -> Result<(), ()> {
        Err(())
    }

    #[retry(max_attempts = 4, backoff = Self::pauses)]
    async fn by_method(&self) -> Result<(), ()> {
        Err(())
    }

    fn pauses(attempt: u32) -> Duration {
        ms(10) * attempt
    }
}

#[tokio::test(start_paused = true)]
async fn a_custom_backoff_returns_the_whole_delay_after_each_attempt() {
    #[retry(max_attempts = 4, backoff = squares)]
    async fn by_path() -> Result<(), ()> {
        Err(())
    }
    #[retry(max_attempts = 4, backoff = |attempt| pause * attempt)]
    async fn by_parameter(pause: Duration) -> Result<(), ()> {
        Err(())
    }

    let start = Instant::now();
    by_path().await.expect_err("down");
    assert_eq!(start.elapsed(), ms(100 + 400 + 900));

    let start = Instant::now();
    by_parameter(ms(7)).await.expect_err("down");
    assert_eq!(start.elapsed(), ms(7 + 14 + 21));

    let start = Instant::now();
    let client = Client { pause: ms(3) };
    client.by_field().await.expect_err("down");
    client.by_method().await.expect_err("down");
    assert_eq!(start.elapsed(), ms(3 + 6 + 9) + ms(10 + 20 + 30));
}

#[tokio::test(start_paused = true)]
async fn max_delay_applies_only_if_it_is_set() {
    #[retry(max_attempts = 4, backoff = squares, max_delay = 250ms)]
    async fn call() -> Result<(), ()> {
        Err(())
    }
    let start = Instant::now();
    call().await.expect_err("down");
    assert_eq!(start.elapsed(), ms(100 + 250 + 250));
}

#[tokio::test(start_paused = true)]
async fn jitter_applies_only_if_it_is_set() {
    #[retry(max_attempts = 4, backoff = squares, jitter = equal)]
    async fn call() -> Result<(), ()> {
        Err(())
    }
    let start = Instant::now();
    call().await.expect_err("down");
    assert!((ms(700)..ms(1403)).contains(&start.elapsed()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_shared_policy_may_have_a_custom_backoff() {
    static SQUARES: RetryPolicy =
        RetryPolicy::new("squares").max_attempts(4).backoff(BackoffKind::Custom(squares));

    #[retry(SQUARES)]
    async fn call() -> Result<(), ()> {
        Err(())
    }
    let start = Instant::now();
    call().await.expect_err("down");
    assert_eq!(start.elapsed(), ms(1400));
}

#[tokio::test(start_paused = true)]
async fn the_shortest_and_the_longest_custom_delays_do_no_harm() {
    #[retry(max_attempts = 3, backoff = |_| Duration::ZERO)]
    async fn at_once() -> Result<(), ()> {
        Err(())
    }
    #[timeout(1s)]
    #[retry(max_attempts = 3, backoff = |_| Duration::MAX)]
    async fn never() -> Result<(), resilience::Failure<()>> {
        Err(resilience::Failure::Function(()))
    }
    let start = Instant::now();
    at_once().await.expect_err("down");
    assert_eq!(never().await, Err(resilience::Failure::Function(())), "not begun");
    assert_eq!(start.elapsed(), Duration::ZERO);
}
