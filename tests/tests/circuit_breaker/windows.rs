//! Failure rates, windows of calls, slow calls and growing open times.

use std::time::Duration;

use resilience::{CircuitBreaker, Error, Failure, State, circuit_breaker, timeout};
use resilience_tests::{SECOND, fail, ms, succeed};
use tokio::time::{advance, sleep};

async fn fails(breaker: &CircuitBreaker, times: usize) {
    for _ in 0..times {
        fail(breaker).await;
    }
}

async fn succeeds(breaker: &CircuitBreaker, times: usize) {
    for _ in 0..times {
        succeed(breaker).await;
    }
}

/// Makes a call that succeeds after this long.
async fn take(breaker: &CircuitBreaker, time: Duration) {
    let slept = breaker.call(async || {
        sleep(time).await;
        Ok::<_, ()>(())
    });
    assert_eq!(slept.await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_success_changes_nothing_by_default() {
    let breaker = CircuitBreaker::new("untouched").failure_threshold(5);
    fail(&breaker).await;
    succeed(&breaker).await;
    let before = breaker.snapshot();
    succeeds(&breaker, 100).await;
    assert_eq!(breaker.snapshot(), before);
    fail(&breaker).await;
    assert_ne!(breaker.snapshot(), before);
}

#[tokio::test(start_paused = true)]
async fn failure_rate_opens_at_its_share_and_not_before() {
    let breaker = CircuitBreaker::new("rate").failure_rate(0.5).minimum_calls(10);
    succeeds(&breaker, 10).await;
    fails(&breaker, 9).await;
    assert_eq!(breaker.state(), State::Closed, "9 of 19");
    fail(&breaker).await;
    assert_eq!(breaker.state(), State::Open, "10 of 20");
}

#[tokio::test(start_paused = true)]
async fn the_default_minimum_calls_is_20() {
    let breaker = CircuitBreaker::new("minimum").failure_rate(0.1);
    fails(&breaker, 19).await;
    assert_eq!(breaker.state(), State::Closed);
    fail(&breaker).await;
    assert_eq!(breaker.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn a_success_never_opens_the_breaker() {
    let breaker = CircuitBreaker::new("enough").failure_rate(0.5).minimum_calls(4);
    fails(&breaker, 2).await;
    succeeds(&breaker, 2).await;
    assert_eq!(breaker.state(), State::Closed, "2 of 4, by a success");
    fail(&breaker).await;
    assert_eq!(breaker.state(), State::Open, "3 of 5, by a failure");
}

#[tokio::test(start_paused = true)]
async fn old_successes_that_leave_the_window_do_not_let_a_success_open_the_breaker() {
    let breaker = CircuitBreaker::new("leaving").failure_rate(0.5).minimum_calls(4);
    succeeds(&breaker, 6).await;
    advance(SECOND * 40).await;
    fails(&breaker, 4).await;
    assert_eq!(breaker.state(), State::Closed, "4 of 10");
    advance(SECOND * 25).await;
    succeed(&breaker).await;
    let snapshot = breaker.snapshot();
    assert_eq!((snapshot.calls, snapshot.failures), (5, 4), "above the rate");
    assert_eq!(snapshot.state, State::Closed);
}

#[tokio::test(start_paused = true)]
async fn every_failure_rate_is_reached_exactly() {
    for percent in 1..=100_u32 {
        let breaker = CircuitBreaker::new("exact")
            .failure_rate(f64::from(percent) / 100.0)
            .minimum_calls(100);
        succeeds(&breaker, 100 - percent as usize).await;
        fails(&breaker, percent as usize - 1).await;
        assert_eq!(breaker.state(), State::Closed, "{percent} %");
        fail(&breaker).await;
        assert_eq!(breaker.state(), State::Open, "{percent} %");
    }
}

#[tokio::test(start_paused = true)]
async fn successes_older_than_the_window_do_not_hide_an_outage() {
    let breaker = CircuitBreaker::new("old").failure_rate(0.5).window(SECOND * 10);
    succeeds(&breaker, 100_000).await;
    advance(SECOND * 10).await;
    fails(&breaker, 20).await;
    assert_eq!(breaker.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn failures_older_than_the_window_are_forgotten() {
    let breaker =
        CircuitBreaker::new("forgotten").failure_rate(0.5).minimum_calls(4).window(SECOND * 10);
    fails(&breaker, 3).await;
    advance(SECOND * 10).await;
    fail(&breaker).await;
    succeeds(&breaker, 2).await;
    assert_eq!(breaker.state(), State::Closed);
    let snapshot = breaker.snapshot();
    assert_eq!((snapshot.calls, snapshot.failures), (3, 1));
}

#[tokio::test(start_paused = true)]
async fn a_window_of_time_is_exact_to_a_64th_of_its_length() {
    let breaker = CircuitBreaker::new("kept").failure_rate(1.0).window(SECOND * 64);
    for _ in 0..64 {
        succeed(&breaker).await;
        advance(SECOND).await;
    }
    // The first call is 64 s old and forgotten; the second is not.
    assert_eq!(breaker.snapshot().calls, 63);
}

#[tokio::test(start_paused = true)]
async fn window_calls_keeps_only_the_last_calls() {
    let breaker = CircuitBreaker::new("last 10").window_calls(10).failure_rate(0.5);
    succeeds(&breaker, 100_000).await;
    fails(&breaker, 4).await;
    assert_eq!(breaker.state(), State::Closed, "4 of the last 10");
    let snapshot = breaker.snapshot();
    assert_eq!((snapshot.calls, snapshot.failures), (10, 4));
    fail(&breaker).await;
    assert_eq!(breaker.state(), State::Open, "5 of the last 10");
}

#[tokio::test(start_paused = true)]
async fn window_calls_forgets_failures_by_calls_and_not_by_time() {
    let breaker = CircuitBreaker::new("calls").window_calls(10).failure_threshold(3);
    fails(&breaker, 2).await;
    advance(SECOND * 1_000_000).await;
    assert_eq!(breaker.snapshot().failures, 2);
    succeeds(&breaker, 8).await;
    assert_eq!(breaker.snapshot().failures, 2, "still among the last 10");
    succeed(&breaker).await;
    fail(&breaker).await;
    assert_eq!(breaker.snapshot().failures, 1);
    fail(&breaker).await;
    assert_eq!(breaker.state(), State::Closed);
    fail(&breaker).await;
    assert_eq!(breaker.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn the_default_minimum_calls_is_window_calls_if_that_is_less_than_20() {
    let breaker = CircuitBreaker::new("few").window_calls(5).failure_rate(0.2);
    fails(&breaker, 4).await;
    assert_eq!(breaker.state(), State::Closed);
    fail(&breaker).await;
    assert_eq!(breaker.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn criteria_may_be_combined_and_the_first_to_be_met_opens_the_breaker() {
    let breaker = || {
        CircuitBreaker::new("three")
            .consecutive_failures(3)
            .failure_rate(0.5)
            .minimum_calls(6)
            .failure_threshold(9)
    };
    let run = breaker();
    succeeds(&run, 100).await;
    fails(&run, 2).await;
    assert_eq!(run.state(), State::Closed);
    fail(&run).await;
    assert_eq!(run.state(), State::Open);
    let rate = breaker();
    for _ in 0..2 {
        fails(&rate, 2).await;
        succeed(&rate).await;
    }
    assert_eq!(rate.state(), State::Closed, "4 of 6, by a success");
    fail(&rate).await;
    assert_eq!(rate.state(), State::Open, "5 of 7");
    let threshold = breaker();
    for _ in 0..8 {
        fail(&threshold).await;
        succeeds(&threshold, 2).await;
    }
    assert_eq!(threshold.state(), State::Closed, "8 of 24");
    fail(&threshold).await;
    assert_eq!(threshold.state(), State::Open, "9 in the window");
}

#[tokio::test(start_paused = true)]
async fn slow_calls_open_the_breaker_at_slow_call_rate() {
    let breaker =
        CircuitBreaker::new("slow").slow_call(SECOND).slow_call_rate(0.5).minimum_calls(4);
    take(&breaker, SECOND).await;
    succeed(&breaker).await;
    take(&breaker, ms(999)).await;
    assert_eq!((breaker.state(), breaker.snapshot().slow_calls), (State::Closed, 1));
    take(&breaker, SECOND * 2).await;
    assert_eq!(breaker.state(), State::Open, "2 of 4");
}

#[tokio::test(start_paused = true)]
async fn the_default_slow_call_rate_is_all_calls() {
    let breaker = CircuitBreaker::new("all").slow_call(SECOND).minimum_calls(3);
    succeed(&breaker).await;
    for _ in 0..10 {
        take(&breaker, SECOND).await;
    }
    assert_eq!(breaker.state(), State::Closed);
    breaker.reset();
    for _ in 0..3 {
        take(&breaker, SECOND).await;
    }
    assert_eq!(breaker.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn a_slow_failure_counts_as_slow_and_as_failed() {
    let breaker = CircuitBreaker::new("both").slow_call(SECOND);
    let down = breaker.call(async || {
        sleep(SECOND).await;
        Err::<(), _>(())
    });
    assert_eq!(down.await, Err(Failure::Function(())));
    let snapshot = breaker.snapshot();
    assert_eq!((snapshot.calls, snapshot.failures, snapshot.slow_calls), (1, 1, 1));
}

#[tokio::test(start_paused = true)]
async fn failures_also_open_a_breaker_with_slow_call() {
    let breaker = CircuitBreaker::new("failures").slow_call(SECOND);
    fails(&breaker, 5).await;
    assert_eq!(breaker.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn a_slow_probe_counts_as_failed() {
    let breaker =
        CircuitBreaker::new("slow probe").slow_call(SECOND).failure_threshold(1).open_for(SECOND);
    fail(&breaker).await;
    advance(SECOND).await;
    take(&breaker, SECOND).await;
    assert_eq!(breaker.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn open_times_grow_until_the_breaker_has_stayed_closed_for_its_window() {
    let breaker = CircuitBreaker::new("growing")
        .failure_threshold(1)
        .success_threshold(1)
        .open_for(SECOND)
        .open_backoff(2.0, SECOND * 5);
    let open_time = || breaker.snapshot().retry_after.expect("it is open");
    for seconds in [1, 2, 4, 5, 5] {
        fail(&breaker).await;
        assert_eq!(open_time(), SECOND * seconds);
        advance(open_time()).await;
    }
    succeed(&breaker).await;
    assert_eq!(breaker.state(), State::Closed);
    advance(SECOND * 59).await;
    fail(&breaker).await;
    assert_eq!(open_time(), SECOND * 5, "closed for too short a time");
    advance(SECOND * 5).await;
    succeed(&breaker).await;
    advance(SECOND * 60).await;
    fail(&breaker).await;
    assert_eq!(open_time(), SECOND, "the first again");
}

#[tokio::test(start_paused = true)]
async fn the_default_open_for_is_the_longest_open_time_if_that_is_less_than_30_s() {
    let breaker = CircuitBreaker::new("short").failure_threshold(1).open_backoff(2.0, SECOND * 10);
    fail(&breaker).await;
    assert_eq!(breaker.snapshot().retry_after, Some(SECOND * 10));
    advance(SECOND * 10).await;
    let hung = breaker.call(async || {
        advance(SECOND * 10).await;
        succeed(&breaker).await;
        Ok::<_, ()>(())
    });
    assert_eq!(hung.await, Ok(()), "probe_timeout is as long");
}

#[tokio::test(start_paused = true)]
async fn reset_restores_the_first_open_time() {
    let breaker = CircuitBreaker::new("reset")
        .failure_threshold(1)
        .open_for(SECOND)
        .open_backoff(3.0, SECOND * 60);
    fail(&breaker).await;
    advance(SECOND).await;
    fail(&breaker).await;
    assert_eq!(breaker.snapshot().retry_after, Some(SECOND * 3));
    breaker.reset();
    fail(&breaker).await;
    assert_eq!(breaker.snapshot().retry_after, Some(SECOND));
}

#[tokio::test(start_paused = true)]
async fn a_growing_open_time_does_not_overflow() {
    let breaker = CircuitBreaker::new("endless")
        .failure_threshold(1)
        .open_for(SECOND)
        .open_backoff(1e300, Duration::MAX);
    for _ in 0..5 {
        breaker.call(async || Err::<(), _>(())).await.expect_err("down or rejected");
        advance(SECOND * 100).await;
    }
    assert_eq!(breaker.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn every_option_may_be_set_in_the_attribute() {
    #[circuit_breaker(
        consecutive_failures = 3,
        failure_threshold = 4,
        failure_rate = 0.5,
        minimum_calls = 2,
        window_calls = 4,
        slow_call = 1s,
        slow_call_rate = 0.75,
        open_for = 10s,
        open_backoff = (2.0, 1min),
        open_jitter = 0.0,
        half_open_probes = 2,
        success_threshold = 1,
        probe_timeout = 5s,
        on_abandon = failure
    )]
    async fn call(fails: bool) -> Result<(), Error> {
        if fails { timed_out().await } else { Ok(()) }
    }

    #[timeout(1ms)]
    async fn timed_out() -> Result<(), Error> {
        std::future::pending().await
    }

    call(false).await.expect("well");
    call(true).await.expect_err("down");
    let open = call(false).await.expect_err("open");
    assert!(
        matches!(open, Error::CircuitOpen { retry_after, .. } if retry_after == Some(SECOND * 10)),
        "{open}"
    );
}
