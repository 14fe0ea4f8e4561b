//! Load of many calls at once, on a runtime with two workers.

use std::future::Future;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use resilience::{Bulkhead, CircuitBreaker, bulkhead, circuit_breaker, fallback, retry, timeout};
use subjects::{ApiError, Result};
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, yield_now};
use tower::util::ServiceExt;

use crate::measure::{median, time_per_unit};
use crate::peers::{Failed, five, kept, tower_resilience};

static BREAKER: CircuitBreaker = CircuitBreaker::new("load");
static POOL: Bulkhead = Bulkhead::new("load").max_concurrent(64);

/// Number of rounds of the loop that take 100 ns.
static WORK: AtomicU32 = AtomicU32::new(0);

/// Works for 100 ns, and yields once.
async fn work() {
    for round in 0..WORK.load(Relaxed) {
        black_box(round);
    }
    yield_now().await;
}

async fn peers_work(_: bool) -> std::result::Result<u64, Failed> {
    work().await;
    Ok(7)
}

#[fallback(value = 0)]
#[bulkhead(POOL)]
#[circuit_breaker(BREAKER)]
#[retry]
#[timeout(1s)]
async fn all_five() -> Result<u64> {
    work().await;
    Ok(7)
}

pub(crate) fn print(runtime: &Runtime) {
    calibrate();
    println!(
        "64 tasks on 2 workers, 100 ns of work and one yield, five layers. Medians of million \
         calls per second.\n"
    );
    println!("| by | million calls per second |\n|---|---:|");
    let layers = five::Layers::new(64);
    let tower_resilience = kept(tower_resilience::four(64, peers_work));
    let mut samples = [const { Vec::new() }; 4];
    for _ in 0..7 {
        samples[0].push(throughput(runtime, || async {
            work().await;
            7
        }));
        samples[1].push(throughput(runtime, || async { all_five().await.unwrap_or(1) }));
        samples[2].push(throughput(runtime, || layers.call(|| peers_work(true), five::backoff())));
        samples[3].push(throughput(runtime, || async {
            tower_resilience.clone().oneshot(true).await.unwrap_or(0)
        }));
    }
    let names = ["bare call", "ours", "the best by hand", "tower-resilience"];
    for (name, samples) in names.iter().zip(samples) {
        println!("| {name} | {:.2} |", median(samples));
    }
    println!();
    all_fail_at_once(runtime);
}

fn calibrate() {
    WORK.store(100_000, Relaxed);
    let round = time_per_unit(100_000, || {
        for round in 0..100_000_u32 {
            black_box(round);
        }
    });
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some hundreds")]
    WORK.store((100.0 / round) as u32, Relaxed);
}

/// Returns the million calls per second of 64 tasks.
fn throughput<F>(runtime: &Runtime, call: impl Fn() -> F + Clone + Send + 'static) -> f64
where
    F: Future<Output = u64> + Send,
{
    const TASKS: u64 = 64;
    const CALLS: u64 = 4_000;
    let nanoseconds = time_per_unit(TASKS * CALLS, || {
        runtime.block_on(async {
            let mut tasks = JoinSet::new();
            for _ in 0..TASKS {
                let call = call.clone();
                tasks.spawn(async move {
                    for _ in 0..CALLS {
                        assert_ne!(call().await, 1, "every call succeeds");
                    }
                });
            }
            tasks.join_all().await;
        });
    });
    1000.0 / nanoseconds
}

#[fallback(value = 0)]
#[bulkhead(max_concurrent = 10_000)]
#[circuit_breaker]
#[retry(backoff = |_| Duration::ZERO, jitter = none)]
#[timeout(25s)]
async fn fails_in_layers(gate: &Semaphore) -> Result<u64> {
    fails(gate).await
}

async fn fails(gate: &Semaphore) -> Result<u64> {
    // The permit is released immediately, so that the gate stays open for retries.
    let _passed = gate.acquire().await;
    Err(black_box(ApiError::Status(503)))
}

/// Measures calls that all wait in their work and then fail at once. Each call makes its two
/// retries without a delay, fails, and reports to the breaker. The breaker opens, and later results
/// are stale. The fallback answers each call.
fn all_fail_at_once(runtime: &Runtime) {
    println!(
        "Calls in flight that fail at once, are retried without delay, and answered by a fallback. \
         Medians of ns per call.\n"
    );
    println!("| calls | bare | five layers |\n|---:|---:|---:|");
    for calls in [100, 1_000, 10_000] {
        let bare = (0..9).map(|_| {
            time_per_failing_call(runtime, calls, |gate| async move { fails(&gate).await.is_err() })
        });
        let bare = median(bare.collect());
        let layers = (0..9).map(|_| {
            time_per_failing_call(runtime, calls, |gate| async move {
                fails_in_layers(&gate).await.is_ok()
            })
        });
        println!("| {calls} | {bare:.0} | {:.0} |", median(layers.collect()));
    }
    println!();
}

fn time_per_failing_call<F>(
    runtime: &Runtime,
    calls: usize,
    call: impl Fn(Arc<Semaphore>) -> F,
) -> f64
where
    F: Future<Output = bool> + Send + 'static,
{
    // The total number of calls is the same for each size, so that each figure takes equally long.
    let repetitions = 10_000 / calls;
    let mut spent = Duration::ZERO;
    for _ in 0..repetitions {
        runtime.block_on(async {
            reset_breakers();
            let gate = Arc::new(Semaphore::new(0));
            let mut tasks = JoinSet::new();
            for _ in 0..calls {
                tasks.spawn(call(Arc::clone(&gate)));
            }
            // Wait until all calls wait at the gate.
            for _ in 0..3 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let start = Instant::now();
            gate.add_permits(calls);
            assert!(tasks.join_all().await.into_iter().all(|ended_as_expected| ended_as_expected));
            spent += start.elapsed();
        });
    }
    #[expect(clippy::cast_precision_loss, reason = "far below 2⁵³")]
    let calls = (repetitions * calls) as f64;
    spent.as_secs_f64() * 1e9 / calls
}

fn reset_breakers() {
    for breaker in resilience::registry().circuit_breakers() {
        breaker.reset();
    }
}
