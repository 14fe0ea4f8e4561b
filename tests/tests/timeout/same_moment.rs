//! Timeouts that pass at the same moment: their timers fire one after the other, and the call may
//! be polled in between.

use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use resilience::{Bulkhead, Error, Failure, timeout, with_deadline};
use resilience_tests::{poll_once, timed_out};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

const LIMIT: Duration = Duration::from_millis(100);

type Call = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// A call that is polled where it is woken, before the next timer fires, as another thread might
/// do.
struct PolledAtOnce {
    call: Mutex<Call>,
    is_woken: AtomicBool,
    result: OnceLock<Result<(), Error>>,
}

impl PolledAtOnce {
    fn begin(call: impl Future<Output = Result<(), Error>> + Send + 'static) -> Arc<Self> {
        let this = Arc::new(Self {
            call: Mutex::new(Box::pin(call)),
            is_woken: AtomicBool::default(),
            result: OnceLock::new(),
        });
        Arc::clone(&this).wake();
        this
    }
}

impl Wake for PolledAtOnce {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, SeqCst);
        // The call is being polled, and the flag is read after the poll.
        let Ok(mut call) = self.call.try_lock() else { return };
        let waker = Waker::from(Arc::clone(&self));
        while self.is_woken.swap(false, SeqCst) && self.result.get().is_none() {
            if let Poll::Ready(result) = call.as_mut().poll(&mut Context::from_waker(&waker)) {
                self.result.set(result).expect("no result yet");
            }
        }
    }
}

/// Returns the result of a call among other timers. tokio fires timers in batches: with each number
/// of others another timer of the call is the last of its batch.
async fn among_others(
    others: usize,
    call: impl Future<Output = Result<(), Error>> + Send + 'static,
) -> Result<(), Error> {
    let end = Instant::now() + LIMIT;
    let mut timers: Vec<Pin<Box<Sleep>>> =
        (0..others).map(|_| Box::pin(sleep_until(end))).collect();
    for timer in &mut timers {
        assert!(poll_once(timer).is_pending());
    }
    let call = PolledAtOnce::begin(call);
    sleep(2 * LIMIT).await;
    call.result.get().expect("its time is up").clone()
}

#[timeout(LIMIT)]
async fn around(call: impl Future<Output = Result<(), Error>>) -> Result<(), Error> {
    call.await
}

#[tokio::test(start_paused = true)]
async fn the_outer_of_two_timeouts_reports_even_if_its_timer_fires_later() {
    #[timeout(1s)]
    async fn inner() -> Result<(), Error> {
        pending().await
    }
    for others in 0..64 {
        let result = among_others(others, around(inner())).await;
        assert_eq!(timed_out(result), ("around", LIMIT), "with {others} other timers");
    }
}

#[tokio::test(start_paused = true)]
async fn the_outermost_of_several_timeouts_reports() {
    #[timeout(LIMIT)]
    async fn inner() -> Result<(), Error> {
        around(pending()).await
    }
    #[timeout(LIMIT)]
    async fn outermost() -> Result<(), Error> {
        inner().await
    }
    for others in 0..64 {
        let result = among_others(others, outermost()).await;
        assert_eq!(timed_out(result), ("outermost", LIMIT), "with {others} other timers");
    }
}

#[tokio::test(start_paused = true)]
async fn a_timeout_around_a_full_bulkhead_reports() {
    static POOL: Bulkhead = Bulkhead::new("in one moment");
    POOL.resize(0);
    for others in 0..64 {
        let waits = async { POOL.call(async || Ok(())).await.map_err(Failure::into_error) };
        let result = among_others(others, around(waits)).await;
        assert_eq!(timed_out(result), ("around", LIMIT), "with {others} other timers");
    }
}

/// The paused clock of another runtime may be behind a moment that this thread has seen.
#[test]
fn the_paused_clock_of_one_runtime_does_not_affect_another() {
    #[timeout(10s)]
    async fn never() -> Result<(), Error> {
        pending().await
    }

    let paused = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("nothing to fail")
    };
    let (ahead, behind) = (paused(), paused());
    let end = behind.block_on(async { Instant::now() + Duration::from_secs(5) });
    ahead.block_on(async {
        around_until(end, never()).await.expect_err("it never answers");
        assert!(Instant::now() >= end);
    });
    behind.block_on(async {
        with_deadline(Some(end), never()).await.expect_err("it never answers");
        assert!(Instant::now() >= end, "{:?} too early", end - Instant::now());
    });
}

#[timeout(end - Instant::now())]
async fn around_until(
    end: Instant,
    call: impl Future<Output = Result<(), Error>>,
) -> Result<(), Error> {
    call.await
}
