//! The deadline of a `#[timeout]`, as the code inside it sees it.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use resilience::{Error, deadline, remaining, timeout, with_deadline};
use resilience_tests::{ms, pass_time, timed_out};
use tokio::time::{Instant, sleep};

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
async fn there_is_no_deadline_without_a_timeout() {
    assert_eq!(deadline(), None);
    assert_eq!(remaining(), None);
}

#[tokio::test(start_paused = true)]
async fn the_clock_starts_at_the_first_suspension_or_question_for_the_deadline() {
    assert_eq!(asked(ms(200)).await, Ok(Some(ms(200))));
    assert_eq!(asked_after(ms(100)).await, Ok(Some(ms(200))));
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_that_of_the_timeout_that_ends_first() {
    assert_eq!(around(ms(200)).await, Ok(Some(ms(200))));
    assert_eq!(around(ms(900)).await, Ok(Some(ms(600))));
}

#[tokio::test(start_paused = true)]
async fn there_is_no_deadline_after_the_call() {
    assert_eq!(asked(ms(200)).await, Ok(Some(ms(200))));
    assert_eq!(deadline(), None);
}

#[timeout(100ms)]
async fn asks_and_then_waits(seen: &mut Option<Instant>) -> Result<(), Error> {
    *seen = deadline();
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn a_call_ends_at_the_deadline_it_was_given() {
    let mut seen = None;
    assert!(asks_and_then_waits(&mut seen).await.is_err());
    assert_eq!(seen, Some(Instant::now()));
}

#[timeout(100ms)]
async fn spawns() -> Result<Option<Instant>, Error> {
    let spawned = tokio::spawn(async { deadline() });
    Ok(spawned.await.expect("the task does not panic"))
}

#[tokio::test(start_paused = true)]
async fn a_spawned_task_has_no_deadline() {
    assert_eq!(spawns().await, Ok(None));
}

#[tokio::test(start_paused = true)]
async fn a_spawned_task_has_the_deadline_it_is_given() {
    #[timeout(1s)]
    async fn around() -> Result<Option<Duration>, Error> {
        let deadline = resilience::deadline();
        let inside = tokio::spawn(with_deadline(deadline, async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            resilience::remaining()
        }));
        Ok(inside.await.expect("no panic"))
    }
    assert_eq!(around().await, Ok(Some(Duration::from_millis(700))));
    assert_eq!(with_deadline(None, async { resilience::deadline() }).await, None);
}

#[tokio::test(start_paused = true)]
async fn the_nearer_of_two_deadlines_applies() {
    let (near, far) =
        (Instant::now() + Duration::from_secs(1), Instant::now() + Duration::from_secs(9));
    let inside = with_deadline(near, with_deadline(far, async { resilience::deadline() }));
    assert_eq!(inside.await, Some(near));
    let inside = with_deadline(far, with_deadline(near, async { resilience::deadline() }));
    assert_eq!(inside.await, Some(near));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_set_by_the_caller_limits_retries_and_bulkheads() {
    static POOL: resilience::Bulkhead = resilience::Bulkhead::new("deadline").max_concurrent(1);

    #[resilience::retry(base_delay = 2s, jitter = none)]
    async fn retried() -> Result<(), &'static str> {
        Err("the real error")
    }
    #[resilience::bulkhead(POOL)]
    async fn waits() -> Result<(), Error> {
        Ok(())
    }

    let start = Instant::now();
    let deadline = start + Duration::from_secs(1);
    assert_eq!(with_deadline(deadline, retried()).await, Err("the real error"));
    assert_eq!(start.elapsed(), Duration::ZERO);
    let holder = tokio::spawn(async {
        POOL.call(async || {
            tokio::time::sleep(Duration::from_secs(4)).await;
            Ok::<_, ()>(())
        })
        .await
    });
    tokio::task::yield_now().await;
    let full = with_deadline(deadline, waits()).await;
    assert!(matches!(full, Err(Error::BulkheadFull { .. })), "{full:?}");
    assert_eq!(start.elapsed(), Duration::from_secs(1));
    holder.abort();
}

#[tokio::test(start_paused = true)]
async fn a_timeout_around_a_full_bulkhead_reports_the_deadline() {
    static POOL: resilience::Bulkhead = resilience::Bulkhead::new("timeout").max_concurrent(1);

    #[timeout(1s)]
    #[resilience::bulkhead(POOL)]
    async fn waits() -> Result<(), Error> {
        tokio::time::sleep(Duration::from_millis(900)).await;
        tokio::time::sleep(Duration::from_millis(900)).await;
        Ok(())
    }
    let (first, second) = tokio::join!(waits(), waits());
    assert!(matches!(first, Err(Error::TimedOut { .. })), "{first:?}");
    assert!(matches!(second, Err(Error::TimedOut { .. })), "{second:?}");
    assert_eq!((POOL.snapshot().active, POOL.snapshot().waiting), (0, 0));
}

#[timeout(5s)]
async fn hangs() -> Result<(), Error> {
    std::future::pending().await
}

#[timeout(5s)]
async fn hangs_deeper() -> Result<(), Error> {
    hangs().await
}

#[tokio::test(start_paused = true)]
async fn a_deadline_set_by_the_caller_shortens_the_limit_of_a_timeout() {
    let start = Instant::now();
    let late = with_deadline(start + ms(1000), hangs()).await;
    assert_eq!((timed_out(late), start.elapsed()), (("hangs", ms(1000)), ms(1000)));
    let late = with_deadline(start + ms(9000), hangs()).await;
    assert_eq!((timed_out(late), start.elapsed()), (("hangs", ms(5000)), ms(6000)));
}

#[tokio::test(start_paused = true)]
async fn the_outermost_timeout_reports_a_deadline_set_by_the_caller() {
    let start = Instant::now();
    let late = with_deadline(start + ms(1000), hangs_deeper()).await;
    assert_eq!((timed_out(late), start.elapsed()), (("hangs_deeper", ms(1000)), ms(1000)));
    let late = with_deadline(start, hangs_deeper()).await;
    assert_eq!(
        (timed_out(late), start.elapsed()),
        (("hangs_deeper", ms(0)), ms(1000)),
        "has passed already"
    );
}

#[tokio::test(start_paused = true)]
async fn a_deadline_set_inside_a_timeout_does_not_end_that_timeout() {
    #[timeout(5s)]
    async fn around(result: &mut Option<Result<(), Error>>) -> Result<Duration, Error> {
        let start = Instant::now();
        *result = Some(with_deadline(start + ms(1000), hangs()).await);
        Ok(start.elapsed())
    }
    let mut result = None;
    assert_eq!(around(&mut result).await, Ok(ms(1000)));
    assert_eq!(result.map(timed_out), Some(("hangs", ms(1000))));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_set_by_the_caller_does_not_interrupt_a_call_without_a_timeout() {
    static POLICY: resilience::Policy = resilience::Policy::new("no limit");

    #[resilience::resilient(POLICY)]
    async fn slow() -> Result<(), Error> {
        sleep(ms(3000)).await;
        Ok(())
    }
    let start = Instant::now();
    assert_eq!(with_deadline(start + ms(1000), slow()).await, Ok(()));
    assert_eq!(start.elapsed(), ms(3000));
}

#[tokio::test(start_paused = true)]
async fn a_clock_keeps_running_after_the_code_that_asked_for_the_deadline_panics() {
    #[timeout(300ms)]
    async fn asks_and_panics() -> Result<(), Error> {
        assert!(deadline().is_none(), "on purpose");
        Ok(())
    }
    #[timeout(200ms)]
    async fn around(seen: &mut Option<Instant>) -> Result<(), Error> {
        let panicked = AssertUnwindSafe(asks_and_panics()).catch_unwind().await;
        assert!(panicked.is_err());
        pass_time(ms(150));
        *seen = deadline();
        std::future::pending().await
    }
    let (start, mut seen) = (Instant::now(), None);
    assert!(around(&mut seen).await.is_err());
    assert_eq!((seen, start.elapsed()), (Some(start + ms(200)), ms(200)));
}

#[test]
fn with_deadline_adds_no_more_than_the_size_of_a_deadline() {
    let work = async {
        let large = [0_u8; 1000];
        tokio::task::yield_now().await;
        large
    };
    let alone = size_of_val(&work);
    assert!(size_of_val(&with_deadline(None, work)) <= alone + size_of::<Option<Instant>>() + 8);
}
