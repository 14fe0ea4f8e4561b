//! The sizes of futures: the state of the layers while the body runs, compared with the same
//! behaviour written by hand.

use std::cell::Cell;
use std::mem::{size_of, size_of_val};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Poll, ready};
use std::time::Duration;

use resilience::{
    Bulkhead, CircuitBreaker, Error, bulkhead, circuit_breaker, fallback, retry, timeout,
};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");
static POOL: Bulkhead = Bulkhead::new("payment");

async fn send(amount: &u64) -> Result<u64, Error> {
    tokio::task::yield_now().await;
    Ok(*amount)
}

async fn later(amount: &u64) -> Result<u64, Error> {
    std::future::ready(Ok(*amount)).await
}

/// The five layers by hand, in one function, with the parts of tokio. They do what ours do: calls
/// wait in order and for a limited time; an admission belongs to a state of the breaker, measures
/// slow calls, and counts when it is dropped; jitter knows the delay before; there is
/// `max_elapsed`; a retry does not act inside an attempt; the clock of a limit starts at the first
/// suspension, the code inside can ask for the deadline, and a nearer limit around reports.
mod hand {
    use super::*;

    static PLACES: Semaphore = Semaphore::const_new(10);
    static BREAKER: Breaker =
        Breaker { generation: AtomicU64::new(0), failures: AtomicU64::new(0) };

    struct Breaker {
        generation: AtomicU64,
        failures: AtomicU64,
    }

    struct Admission {
        breaker: &'static Breaker,
        generation: u64,
        began: Instant,
        recorded: bool,
    }

    impl Breaker {
        fn admit(&'static self) -> Option<Admission> {
            let generation = self.generation.load(Relaxed);
            generation.is_multiple_of(2).then(|| Admission {
                breaker: self,
                generation,
                began: Instant::now(),
                recorded: false,
            })
        }
    }

    impl Admission {
        fn record(mut self, failed: bool) {
            self.recorded = true;
            if (failed || self.began.elapsed() > Duration::from_secs(9))
                && self.breaker.failures.fetch_add(1, Relaxed) == 4
            {
                let _ = self.breaker.generation.compare_exchange(
                    self.generation,
                    self.generation + 1,
                    Relaxed,
                    Relaxed,
                );
            }
        }
    }

    impl Drop for Admission {
        fn drop(&mut self) {
            if !self.recorded && TIMING_OUT.get() {
                self.breaker.failures.fetch_add(1, Relaxed);
            }
        }
    }

    thread_local! {
        static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
        static ATTEMPT: Cell<bool> = const { Cell::new(false) };
        static TIMING_OUT: Cell<bool> = const { Cell::new(false) };
    }

    struct Attempts {
        number: u32,
        previous: Option<Duration>,
        began: Option<Instant>,
    }

    async fn enter() -> Option<SemaphorePermit<'static>> {
        let wait =
            DEADLINE.get().map_or(Duration::from_secs(5), |deadline| deadline - Instant::now());
        tokio::time::timeout(wait, PLACES.acquire()).await.ok()?.ok()
    }

    pub(super) async fn charge(amount: &u64) -> Result<u64, Error> {
        let full = |name| Err(Error::BulkheadFull { name, active: 10, waiting: 0 });
        let limit = Duration::from_secs(1);
        let result = 'answered: {
            let place = match PLACES.try_acquire() {
                Ok(place) => place,
                Err(_) => match enter().await {
                    Some(place) => place,
                    None => break 'answered full("payment"),
                },
            };
            let Some(admission) = BREAKER.admit() else { break 'answered full("payment") };
            let mut attempts = Attempts { number: 1, previous: None, began: None };
            let result = loop {
                let result = {
                    let mut work = pin!(Some(async { send(amount).await }));
                    let mut timer = pin!(None::<Sleep>);
                    let mut deferred = false;
                    std::future::poll_fn(|cx| {
                        let around = DEADLINE
                            .replace(timer.as_ref().as_pin_ref().map(|timer| timer.deadline()));
                        let nested = ATTEMPT.replace(true);
                        let polled = work.as_mut().as_pin_mut().map(|work| work.poll(cx));
                        ATTEMPT.set(nested);
                        DEADLINE.set(around);
                        match polled {
                            Some(Poll::Ready(result)) => return Poll::Ready(result),
                            Some(Poll::Pending) => {}
                            None => return Poll::Pending,
                        }
                        if timer.is_none() {
                            timer.set(Some(sleep_until(Instant::now() + limit)));
                        }
                        let mut timer = timer.as_mut().as_pin_mut().expect("it was set");
                        ready!(timer.as_mut().poll(cx));
                        if around.is_some_and(|around| around <= timer.deadline()) && !deferred {
                            deferred = true;
                            cx.waker().wake_by_ref();
                            return Poll::Pending;
                        }
                        TIMING_OUT.set(true);
                        work.set(None);
                        TIMING_OUT.set(false);
                        Poll::Ready(Err(Error::TimedOut { function: "charge", limit }))
                    })
                    .await
                };
                if result.is_ok() || attempts.number == 3 || ATTEMPT.get() {
                    break result;
                }
                drop(result);
                let delay = attempts.previous.unwrap_or(limit).mul_f64(1.5);
                if attempts.began.is_some_and(|began| began.elapsed() + delay > 60 * limit) {
                    break full("elapsed");
                }
                attempts.previous = Some(delay);
                sleep(delay).await;
                attempts.number += 1;
            };
            admission.record(result.is_err());
            drop(place);
            result
        };
        match result {
            Ok(value) => Ok(value),
            Err(_) => later(amount).await,
        }
    }
}

/// Defines functions with no layer up to all five.
macro_rules! stacks {
    ($module:ident, $body:expr) => {
        mod $module {
            use super::*;

            async fn bare(amount: &u64) -> Result<u64, Error> {
                $body(amount).await
            }

            #[timeout(1s)]
            async fn one(amount: &u64) -> Result<u64, Error> {
                $body(amount).await
            }

            #[retry]
            #[timeout(1s)]
            async fn two(amount: &u64) -> Result<u64, Error> {
                $body(amount).await
            }

            #[circuit_breaker(PAYMENT)]
            #[retry]
            #[timeout(1s)]
            async fn three(amount: &u64) -> Result<u64, Error> {
                $body(amount).await
            }

            #[bulkhead(POOL)]
            #[circuit_breaker(PAYMENT)]
            #[retry]
            #[timeout(1s)]
            async fn four(amount: &u64) -> Result<u64, Error> {
                $body(amount).await
            }

            #[fallback(later)]
            #[bulkhead(POOL)]
            #[circuit_breaker(PAYMENT)]
            #[retry]
            #[timeout(1s)]
            async fn five(amount: &u64) -> Result<u64, Error> {
                $body(amount).await
            }

            #[timeout(2s)]
            #[timeout(1s)]
            async fn two_alike(amount: &u64) -> Result<u64, Error> {
                $body(amount).await
            }

            #[timeout(4s)]
            #[timeout(3s)]
            #[timeout(2s)]
            #[timeout(1s)]
            async fn four_alike(amount: &u64) -> Result<u64, Error> {
                $body(amount).await
            }

            /// Returns the size of each, by the number of layers.
            pub(super) fn sizes() -> [usize; 6] {
                [
                    size_of_val(&bare(&1)),
                    size_of_val(&one(&1)),
                    size_of_val(&two(&1)),
                    size_of_val(&three(&1)),
                    size_of_val(&four(&1)),
                    size_of_val(&five(&1)),
                ]
            }

            /// Returns the sizes of one, two and four layers of one kind.
            pub(super) fn alike() -> [usize; 3] {
                [size_of_val(&one(&1)), size_of_val(&two_alike(&1)), size_of_val(&four_alike(&1))]
            }
        }
    };
}

async fn send_much(amount: &u64) -> Result<u64, Error> {
    let much = [*amount; 1000];
    tokio::task::yield_now().await;
    Ok(much.iter().sum())
}

stacks!(small, send);
stacks!(large, send_much);

#[test]
fn a_full_stack_is_no_larger_than_the_same_by_hand() {
    let (ours, by_hand) = (small::sizes()[5], size_of_val(&hand::charge(&1)));
    println!(
        "five layers: {ours} bytes, by hand: {by_hand} bytes, of which a timer: {}",
        size_of::<Sleep>()
    );
    assert!(ours <= by_hand, "{ours} bytes is more than {by_hand}");
}

#[test]
fn the_size_of_the_layers_does_not_depend_on_the_body() {
    let (small, large) = (small::sizes(), large::sizes());
    println!("bytes by number of layers: {small:?}, around a large body: {large:?}");
    for (layers, (small_stack, large_stack)) in small.into_iter().zip(large).enumerate() {
        let (kept, of_large) = (small_stack - small[0], large_stack - large[0]);
        assert!(
            of_large <= kept,
            "{layers} layers keep {kept} bytes, and {of_large} around a large body"
        );
    }
}

#[test]
fn each_further_layer_adds_as_much_as_the_one_before() {
    for [one, two, four] in [small::alike(), large::alike()] {
        println!("bytes of one, two and four timeouts: {one}, {two}, {four}");
        assert_eq!(four - two, 2 * (two - one));
    }
}
