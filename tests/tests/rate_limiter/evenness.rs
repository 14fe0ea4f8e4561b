//! Many calls at once arrive evenly.

use std::sync::Mutex;
use std::time::Duration;

use resilience::RateLimiter;
use resilience_tests::ms;
use tokio::time::{Instant, sleep};

/// Most calls in any window of this length, of calls at these milliseconds, in order.
fn peak(made: &[u128], window: u128) -> usize {
    let mut first = 0;
    let in_window = |(last, at): (usize, &u128)| {
        while made[first] + window <= *at {
            first += 1;
        }
        last + 1 - first
    };
    made.iter().enumerate().map(in_window).max().unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn a_million_calls_of_a_thousand_tasks_arrive_evenly() {
    const TASKS: usize = 1_000;
    const CALLS: usize = 1_000;
    static EVEN: RateLimiter =
        RateLimiter::new("a million").per_second(1_000).burst(5).max_wait(Duration::MAX);
    static MADE: Mutex<Vec<u128>> = Mutex::new(Vec::new());
    let start = Instant::now();
    let task = || async move {
        for _ in 0..CALLS {
            EVEN.acquire(1).await.expect("it may wait forever");
            MADE.lock().expect("no panic").push(start.elapsed().as_millis());
        }
    };
    let tasks: Vec<_> = (0..TASKS).map(|_| tokio::spawn(task())).collect();
    for task in tasks {
        task.await.expect("no panic");
    }
    let made = std::mem::take(&mut *MADE.lock().expect("no panic"));
    assert_eq!(made.len(), TASKS * CALLS);
    assert!(made.is_sorted(), "first come, first served");
    for window in [1, 10, 100, 1_000, 60_000] {
        let peak = peak(&made, window);
        assert!(peak as u128 <= window + 5, "{peak} calls in {window} ms");
    }
    assert_eq!(made.last(), Some(&999_995), "and no turn stays empty");
}

#[tokio::test(start_paused = true)]
async fn no_herd_starts_after_an_idle_hour() {
    static IDLE: RateLimiter = RateLimiter::new("idle hour").per_second(100).burst(3);
    assert!(IDLE.try_acquire(3).is_ok());
    sleep(Duration::from_secs(3_600)).await;
    let start = Instant::now();
    let calls = (0..200).map(|_| async move {
        IDLE.acquire(1).await.expect("in time");
        start.elapsed()
    });
    let made = futures_util::future::join_all(calls).await;
    assert_eq!(made[..3], [Duration::ZERO; 3]);
    for (number, at) in (1..).zip(&made[3..]) {
        assert_eq!(*at, ms(10 * number));
    }
}
