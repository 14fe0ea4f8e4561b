//! Limits of a retry: exact deadlines, and the largest numbers.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use resilience::{Event, RetryPolicy, SuppressionReason, retry, timeout, with_deadline};
use resilience_tests::{ApiError, EventLog, ms};
use tokio::time::{Instant, sleep};

const NANO: Duration = Duration::from_nanos(1);

const fn just_before(ms: u64) -> Duration {
    Duration::from_nanos(ms * 1_000_000 - 1)
}

/// Fails and counts the call.
fn down(calls: &Cell<u32>) -> Result<(), &'static str> {
    calls.set(calls.get() + 1);
    Err("down")
}

#[tokio::test(start_paused = true)]
async fn a_delay_ends_at_the_next_millisecond_and_never_early() {
    #[retry(max_attempts = 2, base_delay = delay, jitter = none)]
    async fn call(delay: Duration, calls: &Cell<u32>) -> Result<(), &'static str> {
        down(calls)
    }
    for (delay, slept) in [
        (NANO, ms(1)),
        (Duration::from_micros(999), ms(1)),
        (ms(1), ms(1)),
        (ms(1) + NANO, ms(2)),
        (ms(86_400_000), ms(86_400_000)),
    ] {
        // The timer counts whole milliseconds: begin at one.
        sleep(ms(1)).await;
        let (start, calls) = (Instant::now(), Cell::new(0));
        call(delay, &calls).await.expect_err("down");
        assert_eq!((start.elapsed(), calls.get()), (slept, 2), "{delay:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn max_elapsed_is_kept_to_the_nanosecond() {
    #[retry(
        max_attempts = 9,
        backoff = constant,
        base_delay = 100ms,
        jitter = none,
        max_elapsed = limit
    )]
    async fn call(limit: Duration, calls: &Cell<u32>) -> Result<(), &'static str> {
        sleep(ms(50)).await;
        down(calls)
    }
    // Attempts end after 50 and 200 ms; the delays after them would end after 150 and 300 ms.
    for (limit, expected) in
        [(just_before(150), 1), (ms(150), 2), (just_before(300), 2), (ms(300), 3)]
    {
        let (start, calls) = (Instant::now(), Cell::new(0));
        call(limit, &calls).await.expect_err("down");
        assert_eq!(calls.get(), expected, "{limit:?}");
        assert_eq!(
            start.elapsed(),
            ms(50) * expected + ms(100) * (expected - 1),
            "nothing is slept in vain"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_kept_to_the_nanosecond() {
    #[timeout(limit)]
    #[retry(max_attempts = 9, backoff = constant, base_delay = 100ms, jitter = none)]
    async fn call(limit: Duration, calls: &Cell<u32>) -> Result<(), ApiError> {
        sleep(ms(50)).await;
        down(calls).map_err(|_| ApiError::Down)
    }
    // An attempt that would begin at the deadline has no time left.
    for (limit, expected) in [(ms(150), 1), (ms(300), 2)] {
        let (start, calls) = (Instant::now(), Cell::new(0));
        assert!(
            matches!(call(limit, &calls).await, Err(ApiError::Down)),
            "the real error, at once"
        );
        assert_eq!(
            (calls.get(), start.elapsed()),
            (expected, ms(50) * expected + ms(100) * (expected - 1))
        );
    }
    // An attempt that begins before the deadline runs until the deadline.
    let (start, calls) = (Instant::now(), Cell::new(0));
    assert!(matches!(call(ms(150) + NANO, &calls).await, Err(ApiError::Policy(_))));
    assert_eq!((calls.get(), start.elapsed()), (1, ms(151)));
}

#[tokio::test(start_paused = true)]
async fn no_attempt_begins_after_the_deadline_even_without_a_delay() {
    #[retry(max_attempts = 9, base_delay = 0ms)]
    async fn call(calls: &Cell<u32>) -> Result<(), &'static str> {
        sleep(ms(40)).await;
        down(calls)
    }
    let (start, calls) = (Instant::now(), Cell::new(0));
    with_deadline(start + ms(80), call(&calls)).await.expect_err("down");
    assert_eq!((calls.get(), start.elapsed()), (2, ms(80)));
}

#[tokio::test(start_paused = true)]
async fn a_hint_does_not_bypass_max_attempts() {
    #[retry(max_attempts = 4, base_delay = 100ms, max_delay = 100ms, jitter = none)]
    async fn call(hint: Duration, calls: &Cell<u32>) -> Result<(), ApiError> {
        down(calls).map_err(|_| ApiError::Busy(hint))
    }
    for (hint, slept) in
        [(ms(0), ms(300)), (ms(99), ms(597)), (ms(101), ms(603)), (ms(9_000), ms(27_300))]
    {
        let (start, calls) = (Instant::now(), Cell::new(0));
        assert!(matches!(call(hint, &calls).await, Err(ApiError::Busy(_))));
        assert_eq!((calls.get(), start.elapsed()), (4, slept), "{hint:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_jittered_delay_comes_on_top_of_a_hint() {
    #[retry(
        max_attempts = 20,
        backoff = constant,
        base_delay = 100ms,
        jitter = full,
        name = "limits::hinted"
    )]
    async fn call(calls: &Cell<u32>) -> Result<(), ApiError> {
        down(calls).map_err(|_| ApiError::Busy(ms(60_000)))
    }
    let delays = EventLog::of(|event| match *event {
        Event::RetryScheduled { function: "limits::hinted", delay, .. } => Some(delay),
        _ => None,
    });
    let start = Instant::now();
    call(&Cell::new(0)).await.expect_err("down");
    let delays = delays.take();
    assert_eq!(delays.len(), 19);
    assert!(delays.iter().all(|delay| (ms(60_000)..=ms(60_100)).contains(delay)), "{delays:?}");
    assert!(start.elapsed() >= delays.iter().sum(), "none comes early");
}

#[tokio::test(start_paused = true)]
async fn a_hint_longer_than_max_retry_after_ends_the_retry() {
    #[retry(max_attempts = 2, base_delay = 0s, name = "limits::default")]
    async fn by_default(hint: Duration, calls: &Cell<u32>) -> Result<(), ApiError> {
        down(calls).map_err(|_| ApiError::Busy(hint))
    }
    #[retry(max_attempts = 2, base_delay = 0s, max_retry_after = 2s, name = "limits::literal")]
    async fn by_literal(hint: Duration, calls: &Cell<u32>) -> Result<(), ApiError> {
        down(calls).map_err(|_| ApiError::Busy(hint))
    }
    #[retry(max_attempts = 2, base_delay = 0s, max_retry_after = longest, name = "limits::call")]
    async fn by_call(hint: Duration, calls: &Cell<u32>, longest: Duration) -> Result<(), ApiError> {
        down(calls).map_err(|_| ApiError::Busy(hint))
    }
    static POLICY: RetryPolicy = RetryPolicy::new("limits::policy")
        .max_attempts(2)
        .base_delay(Duration::ZERO)
        .max_retry_after(ms(2_000));

    let suppressed = EventLog::of(|event| match *event {
        Event::RetrySuppressed { function, reason, .. } if function.starts_with("limits::") => {
            assert_eq!(reason, SuppressionReason::MaxRetryAfter);
            Some(function)
        }
        _ => None,
    });
    for (hint, longest, function) in [
        (ms(60_000), ms(60_000), "limits::default"),
        (ms(60_000) + NANO, ms(60_000), "limits::default"),
        (Duration::MAX, ms(60_000), "limits::default"),
        (ms(2_000), ms(2_000), "limits::literal"),
        (ms(2_001), ms(2_000), "limits::literal"),
        (ms(100_000), ms(100_000), "limits::call"),
        (ms(100_001), ms(100_000), "limits::call"),
        (ms(2_000), ms(2_000), "limits::policy"),
        (ms(2_001), ms(2_000), "limits::policy"),
    ] {
        let (start, calls) = (Instant::now(), Cell::new(0));
        let result = match function {
            "limits::default" => by_default(hint, &calls).await,
            "limits::literal" => by_literal(hint, &calls).await,
            "limits::call" => by_call(hint, &calls, longest).await,
            _ => POLICY.call(async || down(&calls).map_err(|_| ApiError::Busy(hint))).await,
        };
        assert_eq!(result, Err(ApiError::Busy(hint)), "the error at hand");
        let is_obeyed = hint <= longest;
        let expected = if is_obeyed { (2, hint) } else { (1, Duration::ZERO) };
        assert_eq!((calls.get(), start.elapsed()), expected, "{function}: {hint:?}");
        let told = if is_obeyed { vec![] } else { vec![function] };
        assert_eq!(suppressed.take(), told, "{hint:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_hint_beyond_the_deadline_ends_the_retry() {
    #[timeout(1s)]
    #[retry(base_delay = 10ms, jitter = none)]
    async fn call(hint: Duration, calls: &Cell<u32>) -> Result<(), ApiError> {
        down(calls).map_err(|_| ApiError::Busy(hint))
    }
    // The delay of the policy, 10 ms, comes on top.
    for (hint, expected) in [(ms(989), 2), (ms(990), 1), (Duration::MAX, 1)] {
        let (start, calls) = (Instant::now(), Cell::new(0));
        assert!(
            matches!(call(hint, &calls).await, Err(ApiError::Busy(_))),
            "the real error, at once"
        );
        assert_eq!(
            (calls.get(), start.elapsed()),
            (expected, ms(999) * (expected - 1)),
            "{hint:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_largest_numbers_in_attributes_do_no_harm() {
    #[retry(
        max_attempts = 4_294_967_295,
        base_delay = forever,
        max_delay = forever,
        factor = f64::MAX,
        max_elapsed = forever
    )]
    async fn exponential(forever: Duration, calls: &Cell<u32>) -> Result<(), &'static str> {
        down(calls)
    }
    #[retry(
        max_attempts = u32::MAX,
        backoff = linear,
        base_delay = forever,
        max_delay = forever,
        jitter = equal
    )]
    async fn linear(forever: Duration, calls: &Cell<u32>) -> Result<(), &'static str> {
        down(calls)
    }
    #[retry(
        max_attempts = u32::MAX,
        base_delay = forever,
        max_delay = forever,
        jitter = decorrelated
    )]
    async fn decorrelated(forever: Duration, calls: &Cell<u32>) -> Result<(), &'static str> {
        down(calls)
    }
    #[retry(max_attempts = u32::MAX, backoff = |_| Duration::MAX, jitter = full)]
    async fn own(calls: &Cell<u32>) -> Result<(), &'static str> {
        down(calls)
    }
    let calls = Cell::new(0);
    let mut exponential = pin!(exponential(Duration::MAX, &calls));
    let mut linear = pin!(linear(Duration::MAX, &calls));
    let mut decorrelated = pin!(decorrelated(Duration::MAX, &calls));
    let mut own = pin!(own(&calls));
    tokio::select! {
        _ = &mut exponential => panic!("it waits"),
        _ = &mut linear => panic!("it waits"),
        _ = &mut decorrelated => panic!("it waits"),
        _ = &mut own => panic!("it waits"),
        () = sleep(Duration::from_secs(3600)) => {}
    }
    assert_eq!(calls.get(), 4, "one attempt each");
}

/// A shared policy with the largest numbers.
static EXTREME: RetryPolicy = RetryPolicy::new("extreme")
    .max_attempts(u32::MAX)
    .base_delay(Duration::MAX)
    .max_delay(Duration::MAX)
    .factor(f64::MAX)
    .max_elapsed(ms(1));

#[tokio::test(start_paused = true)]
async fn the_largest_numbers_in_a_policy_do_no_harm() {
    #[retry(EXTREME)]
    async fn call(calls: &Cell<u32>) -> Result<(), ApiError> {
        down(calls).map_err(|_| ApiError::Busy(Duration::MAX))
    }
    let calls = Cell::new(0);
    assert!(matches!(call(&calls).await, Err(ApiError::Busy(Duration::MAX))));
    assert_eq!(calls.get(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_hundred_thousand_attempts_are_counted() {
    #[retry(max_attempts = u32::MAX, base_delay = 0ms)]
    async fn call(until: u32, calls: &Cell<u32>) -> Result<(), &'static str> {
        down(calls).or_else(|error| if calls.get() == until { Ok(()) } else { Err(error) })
    }
    let calls = Cell::new(0);
    assert_eq!((call(100_000, &calls).await, calls.get()), (Ok(()), 100_000));
}

#[tokio::test(start_paused = true)]
async fn each_decorrelated_delay_depends_on_the_one_before() {
    const BASE: Duration = ms(100);
    const MAX: Duration = Duration::from_secs(20);
    #[retry(
        max_attempts = 50,
        base_delay = BASE,
        max_delay = MAX,
        jitter = decorrelated,
        name = "limits::decorrelated"
    )]
    async fn call(calls: &Cell<u32>) -> Result<(), &'static str> {
        down(calls)
    }
    let delays = EventLog::of(|event| match *event {
        Event::RetryScheduled { function: "limits::decorrelated", delay, .. } => Some(delay),
        _ => None,
    });
    call(&Cell::new(0)).await.expect_err("down");
    let delays = delays.take();
    assert_eq!(delays.len(), 49);
    let mut before = BASE;
    for &delay in &delays {
        assert!((BASE..=MAX.min(before * 3)).contains(&delay), "{delay:?} after {before:?}");
        before = delay;
    }
    assert!(delays.iter().any(|delay| *delay > BASE * 3), "they grow");
}

/// Records when it is dropped. Not `Send`.
#[derive(Debug)]
struct Witness(Rc<Cell<Option<Instant>>>);

impl Drop for Witness {
    fn drop(&mut self) {
        if self.0.get().is_none() {
            self.0.set(Some(Instant::now()));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_result_is_dropped_before_the_sleep() {
    #[retry(max_attempts = 2, base_delay = 1s, jitter = none, when_ok = |_| true)]
    async fn call(fails: bool, dropped: &Rc<Cell<Option<Instant>>>) -> Result<Witness, Witness> {
        let witness = Witness(Rc::clone(dropped));
        if fails { Err(witness) } else { Ok(witness) }
    }
    for fails in [true, false] {
        let (start, dropped) = (Instant::now(), Rc::default());
        let last = call(fails, &dropped).await;
        assert_eq!(start.elapsed(), ms(1_000));
        assert_eq!(dropped.get(), Some(start), "an `Ok` that is as good as a failure too");
        assert_eq!(last.is_err(), fails, "the last is returned as it is");
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_makes_no_further_attempt() {
    #[retry(max_attempts = 9, backoff = constant, base_delay = 1s, jitter = none)]
    async fn call(calls: &Cell<u32>) -> Result<(), &'static str> {
        down(calls)
    }
    let calls = Cell::new(0);
    let gone = tokio::time::timeout(ms(1_500), call(&calls)).await;
    assert!(gone.is_err());
    sleep(ms(60_000)).await;
    assert_eq!(calls.get(), 2);
}
