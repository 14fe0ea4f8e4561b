//! Adaptive timeouts: the limit follows the latencies.

use std::pin::pin;
use std::time::Duration;

use proptest::prelude::*;
use resilience::{AdaptiveTimeout, Error, Failure, timeout};
use resilience_tests::{ms, poll_once, with_paused_clock};
use tokio::time::{Instant, advance, sleep};

const WINDOW: Duration = Duration::from_secs(60);

/// Returns a limit of 1.5 times the 99th percentile, from 20 ms to 3 s.
const fn adaptive() -> AdaptiveTimeout {
    AdaptiveTimeout::new("subject")
        .percentile(0.99)
        .multiplier(1.5)
        .min(ms(20))
        .max(ms(3000))
        .window(WINDOW)
}

#[timeout(limit)]
async fn call(limit: &AdaptiveTimeout, takes: Duration) -> Result<(), Error> {
    sleep(takes).await;
    Ok(())
}

/// Makes calls without a pause for this long: each takes from `takes` to a tenth more.
async fn run(limit: &AdaptiveTimeout, takes: Duration, time: Duration) {
    let start = Instant::now();
    let mut nth = 0;
    while start.elapsed() < time {
        let _ = call(limit, takes + takes * (nth % 11) / 100).await;
        nth += 1;
    }
}

/// Allows the error of the histogram: at most a 32nd above.
fn assert_about(limit: Duration, expected: Duration) {
    assert!(
        limit >= expected && limit <= expected.mul_f64(1.04),
        "{limit:?}, expected {expected:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_limit_is_max_until_minimum_calls_have_ended() {
    let limit = adaptive().minimum_calls(10);
    for _ in 0..9 {
        assert_eq!(limit.limit(), ms(3000));
        call(&limit, ms(100)).await.expect("in time");
    }
    assert_eq!(limit.limit(), ms(3000));
    call(&limit, ms(100)).await.expect("in time");
    assert_about(limit.limit(), ms(150));
}

#[tokio::test(start_paused = true)]
async fn the_limit_follows_a_slower_dependency_within_one_window() {
    let limit = adaptive();
    run(&limit, ms(100), WINDOW).await;
    assert_about(limit.limit(), ms(165));
    run(&limit, ms(1000), WINDOW).await;
    assert_about(limit.limit(), ms(1650));
    for _ in 0..100 {
        call(&limit, ms(1100)).await.expect("in time");
    }
}

#[tokio::test(start_paused = true)]
async fn the_limit_follows_a_faster_dependency_within_one_window() {
    let limit = adaptive();
    run(&limit, ms(1000), WINDOW).await;
    assert_about(limit.limit(), ms(1650));
    run(&limit, ms(100), WINDOW + ms(200)).await;
    assert_about(limit.limit(), ms(165));
}

#[tokio::test(start_paused = true)]
async fn latencies_older_than_the_window_are_forgotten() {
    let limit = adaptive();
    run(&limit, ms(100), WINDOW).await;
    advance(WINDOW).await;
    assert_eq!(limit.limit(), ms(3000), "nothing is known any more");
}

#[tokio::test(start_paused = true)]
async fn the_limit_stays_within_min_and_max() {
    let limit = adaptive();
    run(&limit, ms(1), ms(500)).await;
    assert_eq!(limit.limit(), ms(20));
    run(&limit, ms(60_000), WINDOW * 5).await;
    assert_eq!(limit.limit(), ms(3000));
}

#[tokio::test(start_paused = true)]
async fn errors_and_abandoned_calls_are_not_learned_from() {
    #[timeout(limit)]
    async fn down(limit: &AdaptiveTimeout) -> Result<(), Failure<()>> {
        sleep(ms(1)).await;
        Err(Failure::Function(()))
    }
    let limit = adaptive();
    for _ in 0..1000 {
        down(&limit).await.expect_err("down");
        let _ = tokio::time::timeout(ms(5), call(&limit, ms(10))).await;
    }
    assert_eq!(limit.limit(), ms(3000));
}

/// Otherwise the limit would follow only the faster half, and end the slower one.
#[tokio::test(start_paused = true)]
async fn calls_ended_by_a_timeout_around_count_as_longer_than_its_limit() {
    #[timeout(1s)]
    async fn within_a_second(limit: &AdaptiveTimeout, takes: Duration) -> Result<(), Error> {
        call(limit, takes).await
    }
    let limit = adaptive();
    for nth in 0..400 {
        let _ = within_a_second(&limit, ms(if nth % 2 == 0 { 100 } else { 20_000 })).await;
        assert!(limit.limit() > ms(1000), "after {nth}: {:?}", limit.limit());
    }
    assert_about(limit.limit(), ms(1250 + 625));
}

#[tokio::test(start_paused = true)]
async fn a_call_made_while_a_timeout_drops_its_work_is_not_learned_from() {
    struct BeginsOne<'a>(&'a AdaptiveTimeout);
    impl Drop for BeginsOne<'_> {
        fn drop(&mut self) {
            let mut call = pin!(call(self.0, ms(100)));
            assert!(poll_once(&mut call).is_pending());
        }
    }
    #[timeout(10ms)]
    async fn leaves_something(limit: &AdaptiveTimeout) -> Result<(), Error> {
        let _clean_up = BeginsOne(limit);
        std::future::pending().await
    }
    let limit = adaptive().minimum_calls(1);
    leaves_something(&limit).await.expect_err("late");
    assert_eq!(limit.limit(), ms(3000));
}

#[test]
fn calls_of_all_threads_count_towards_minimum_calls() {
    #[timeout(limit)]
    async fn at_once(limit: &AdaptiveTimeout) -> Result<(), Error> {
        Ok(())
    }
    let limit = &AdaptiveTimeout::new("threads").min(ms(100)).max(ms(1000)).minimum_calls(8_000);
    let calls = |number: u32| {
        for _ in 0..number {
            let mut call = pin!(at_once(limit));
            assert!(poll_once(&mut call).is_ready());
        }
    };
    std::thread::scope(|scope| {
        for number in [2_000, 2_000, 2_000, 1_999] {
            scope.spawn(move || calls(number));
        }
    });
    assert_eq!(limit.limit(), ms(1000), "one is missing");
    calls(1);
    assert_eq!(limit.limit(), ms(100));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(move || calls(10_000));
        }
    });
    assert_eq!(limit.limit(), ms(100));
}

#[tokio::test(start_paused = true)]
async fn the_error_names_the_limit_of_its_own_call() {
    static LIMIT: AdaptiveTimeout = adaptive();

    #[timeout(LIMIT)]
    async fn shared(takes: Duration) -> Result<(), Error> {
        sleep(takes).await;
        Ok(())
    }
    for _ in 0..100 {
        shared(ms(200)).await.expect("in time");
    }
    let before = LIMIT.limit();
    let late = shared(ms(10_000)).await;
    assert!(matches!(late, Err(Error::TimedOut { limit, .. }) if limit == before), "{late:?}");
}

#[tokio::test(start_paused = true)]
async fn the_limit_grows_even_with_a_multiplier_of_one() {
    let limit = AdaptiveTimeout::new("one").multiplier(1.0).minimum_calls(5).max(ms(3000));
    run(&limit, ms(100), ms(5000)).await;
    run(&limit, ms(1000), WINDOW).await;
    // A call that reaches the limit counts as a quarter longer.
    assert!((ms(1000)..ms(1500)).contains(&limit.limit()), "{:?}", limit.limit());
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(100)
    })]

    /// Latencies and pauses of any length.
    #[test]
    fn no_sequence_of_latencies_moves_the_limit_out_of_its_range(
        latencies in proptest::collection::vec((0..20_000_u64, 0..30_000_u64), 1..200),
        percentile in 0.001..=1.0,
        multiplier in 1.0..1e12,
    ) {
        with_paused_clock(async {
            let limit = adaptive().percentile(percentile).multiplier(multiplier).minimum_calls(3);
            for (takes, pause) in latencies {
                let _ = call(&limit, ms(takes)).await;
                advance(ms(pause)).await;
                let now = limit.limit();
                assert!((ms(20)..=ms(3000)).contains(&now), "{now:?}");
            }
        });
    }
}

#[test]
fn a_clock_that_goes_back_makes_the_limit_forget() {
    let limit = adaptive();
    with_paused_clock(async {
        advance(Duration::from_secs(3600)).await;
        run(&limit, ms(1000), WINDOW).await;
        assert_about(limit.limit(), ms(1650));
    });
    // The paused clock of the next runtime starts an hour earlier.
    with_paused_clock(async {
        assert_eq!(limit.limit(), ms(3000), "the window holds no call");
        run(&limit, ms(100), ms(5000)).await;
        assert_about(limit.limit(), ms(165));
    });
}
