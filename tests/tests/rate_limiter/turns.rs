//! The turns of calls: when they come, who gets them, and who does not.

use std::time::Duration;

use resilience::{Error, Event, Failure, Keyed, RateLimiter, observe, with_deadline};
use resilience_tests::{SECOND, ms, poll_once, with_paused_clock};
use tokio::time::{Instant, advance, sleep};

/// Returns the milliseconds since `start` at which a call is made.
async fn made(limiter: &RateLimiter, start: Instant) -> Result<u128, Failure<()>> {
    limiter.call(async || Ok(start.elapsed().as_millis())).await
}

fn retry_after(error: &Error) -> Option<Duration> {
    assert!(error.is_rate_limited() && error.is_rejection(), "{error}");
    error.retry_after()
}

#[tokio::test(start_paused = true)]
async fn calls_follow_each_other_at_the_rate() {
    static EVEN: RateLimiter = RateLimiter::new("even").per_second(20);
    let start = Instant::now();
    for expected in [0, 50, 100, 150] {
        assert_eq!(made(&EVEN, start).await, Ok(expected));
    }
    sleep(ms(500)).await;
    assert_eq!(made(&EVEN, start).await, Ok(650), "the time without calls saves one call");
    assert_eq!(made(&EVEN, start).await, Ok(700));
}

#[tokio::test(start_paused = true)]
async fn a_time_without_calls_saves_a_burst_and_no_more() {
    static BURST: RateLimiter =
        RateLimiter::new("burst").per(5_000, Duration::from_secs(3_600)).burst(3);
    let start = Instant::now();
    for expected in [0, 0, 0, 720, 1440] {
        assert_eq!(made(&BURST, start).await, Ok(expected));
    }
    advance(Duration::from_secs(3_600)).await;
    let later = Instant::now();
    for expected in [0, 0, 0, 720] {
        assert_eq!(made(&BURST, later).await, Ok(expected));
    }
}

#[tokio::test(start_paused = true)]
async fn a_turn_after_the_longest_wait_is_rejected_at_once_and_is_not_taken() {
    static SHORT: RateLimiter = RateLimiter::new("short wait").per_second(1).max_wait(ms(1500));
    let start = Instant::now();
    assert!(SHORT.acquire(1).await.is_ok());
    let waiting = tokio::spawn(SHORT.acquire(1));
    tokio::task::yield_now().await;
    let rejected = SHORT.acquire(1).await.expect_err("its turn comes in 2 s");
    assert_eq!(retry_after(&rejected), Some(2 * SECOND));
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(
        rejected.to_string(),
        "rate limiter `short wait` has no turn for the call in time: the call was not made; come \
         back in 2s"
    );
    assert_eq!(waiting.await.ok(), Some(Ok(())));
    assert_eq!(start.elapsed(), SECOND);
    assert!(SHORT.acquire(1).await.is_ok());
    assert_eq!(start.elapsed(), 2 * SECOND, "the rejected call has taken no turn");
}

#[tokio::test(start_paused = true)]
async fn a_wait_of_zero_needs_no_timer() {
    static NEVER_WAITS: RateLimiter =
        RateLimiter::new("never waits").per_second(1).max_wait(Duration::ZERO);
    assert!(NEVER_WAITS.acquire(1).await.is_ok());
    let rejected = NEVER_WAITS.acquire(1).await.expect_err("it would wait");
    assert_eq!(retry_after(&rejected), Some(SECOND));
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_past_the_deadline() {
    static BOUNDED: RateLimiter = RateLimiter::new("bounded").per_second(1);
    let start = Instant::now();
    assert!(BOUNDED.acquire(1).await.is_ok());
    for early in [ms(999), SECOND] {
        let rejected = with_deadline(start + early, BOUNDED.acquire(1)).await;
        assert_eq!(retry_after(&rejected.expect_err("too early")), Some(SECOND));
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert!(with_deadline(start + ms(1001), BOUNDED.acquire(1)).await.is_ok());
    assert_eq!(start.elapsed(), SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_waiter_gives_its_turn_back_if_it_is_the_last() {
    static GIVEN_BACK: RateLimiter = RateLimiter::new("given back").per_second(1);
    let next = || GIVEN_BACK.snapshot().next_free;
    assert!(GIVEN_BACK.try_acquire(1).is_ok());
    let mut waiting: Vec<_> = (0..3).map(|_| Box::pin(GIVEN_BACK.acquire(1))).collect();
    assert!(waiting.iter_mut().all(|it| poll_once(it).is_pending()));
    assert_eq!((next(), GIVEN_BACK.snapshot().waiting), (4 * SECOND, 3));
    drop(waiting.remove(1));
    assert_eq!(next(), 4 * SECOND, "a later turn is out: this one stays empty");
    drop(waiting.pop());
    assert_eq!(next(), 3 * SECOND);
    let start = Instant::now();
    assert!(GIVEN_BACK.acquire(1).await.is_ok());
    assert_eq!(start.elapsed(), 3 * SECOND);
    assert!(poll_once(&mut waiting[0]).is_ready());
    assert_eq!(GIVEN_BACK.snapshot().waiting, 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_may_cost_more_and_never_more_than_the_burst() {
    static WEIGHED: RateLimiter = RateLimiter::new("weighed").per_second(10).burst(5);
    let start = Instant::now();
    assert!(WEIGHED.acquire(4).await.is_ok());
    assert_eq!(WEIGHED.snapshot().tokens, 1);
    let short = WEIGHED.try_acquire(3).expect_err("1 token is left");
    assert_eq!(retry_after(&short), Some(ms(200)));
    assert!(WEIGHED.acquire(3).await.is_ok());
    assert_eq!(start.elapsed(), ms(200));
    let never = WEIGHED.acquire(6).await.expect_err("more than the burst");
    assert_eq!(retry_after(&never), None);
    assert!(never.to_string().contains("its cost is more than `burst`"), "{never}");
    assert_eq!(start.elapsed(), ms(200));
}

#[tokio::test(start_paused = true)]
async fn first_come_is_first_served_whatever_the_cost() {
    static IN_ORDER: RateLimiter = RateLimiter::new("in order").per_second(10).burst(8);
    let start = Instant::now();
    let costs = [8, 3, 1, 5, 1];
    let calls = costs.map(|cost| async move {
        IN_ORDER.acquire(cost).await.expect("in time");
        start.elapsed().as_millis()
    });
    let made = futures_util::future::join_all(calls).await;
    assert_eq!(made, [0, 300, 400, 900, 1000]);
}

#[tokio::test(start_paused = true)]
async fn a_rejection_is_an_event_and_a_class_that_says_nothing() {
    static REJECTING: RateLimiter =
        RateLimiter::new("rejecting limiter").per_second(1).max_wait(Duration::ZERO);
    let (sender, events) = std::sync::mpsc::channel();
    let _observer = observe(move |event| {
        if let Event::RateLimiterRejected { name: "rejecting limiter", retry_after, .. } = event {
            let _ = sender.send(*retry_after);
        }
    });
    assert!(REJECTING.call(async || Ok::<_, ()>(())).await.is_ok());
    let rejected = REJECTING.call(async || Ok::<_, ()>(())).await;
    let Err(Failure::Policy(error)) = rejected else { panic!("{rejected:?}") };
    assert_eq!(resilience::Classify::classify(&error), resilience::Class::Ignored);
    assert_eq!(events.try_iter().collect::<Vec<_>>(), [Some(SECOND)]);
    assert!(REJECTING.try_acquire(1).is_err());
    assert_eq!(events.try_iter().count(), 0, "an attempt without waiting emits nothing");
}

#[tokio::test(start_paused = true)]
async fn a_reset_gives_all_tokens_back() {
    static RESET: RateLimiter = RateLimiter::new("reset").per_second(1).burst(2);
    let mut waiting = Box::pin(RESET.acquire(1));
    assert!(RESET.try_acquire(2).is_ok());
    assert!(poll_once(&mut waiting).is_pending());
    RESET.pause(Duration::from_secs(60));
    RESET.reset();
    let snapshot = RESET.snapshot();
    assert_eq!((snapshot.tokens, snapshot.paused_for), (2, None));
    assert!(RESET.try_acquire(2).is_ok());
    drop(waiting);
    assert!(RESET.try_acquire(1).is_err(), "a turn of before the reset is not given back");
}

#[tokio::test(start_paused = true)]
async fn each_key_has_its_own_turns_and_only_a_full_limiter_is_evicted() {
    static PER_TENANT: Keyed<RateLimiter, u32> =
        Keyed::new(RateLimiter::new("tenant").per_second(1)).capacity(2);
    assert!(PER_TENANT.get(&1).try_acquire(1).is_ok());
    assert!(PER_TENANT.get(&2).try_acquire(1).is_ok());
    let rejected = PER_TENANT.get(&1).try_acquire(1).expect_err("one per second");
    assert_eq!(rejected.key(), Some("1"));
    assert_eq!(PER_TENANT.get(&3).key(), None, "no limiter is full: a shared one");
    advance(SECOND).await;
    assert_eq!(PER_TENANT.get(&3).key(), Some("3"));
    assert_eq!(PER_TENANT.len(), 2);
}

/// Each paused runtime of a process has a clock of its own.
#[test]
fn a_clock_that_goes_back_finds_a_full_limiter() {
    static TWO_CLOCKS: RateLimiter = RateLimiter::new("two clocks").per_second(1);
    with_paused_clock(async {
        advance(Duration::from_secs(10_000)).await;
        assert!(TWO_CLOCKS.try_acquire(1).is_ok());
    });
    with_paused_clock(async {
        assert!(TWO_CLOCKS.try_acquire(1).is_ok());
        assert!(TWO_CLOCKS.try_acquire(1).is_err());
        advance(SECOND).await;
        assert!(TWO_CLOCKS.try_acquire(1).is_ok());
    });
}
