//! What grows with what: functions on a breaker, callers of a bulkhead, keys, windows; and what each takes of memory.

use std::future::Future;
use std::hint::black_box;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use resilience::{Bulkhead, CircuitBreaker, Keyed, Policy, RetryPolicy, circuit_breaker};
use subjects::{ApiError, Result, poll_to_end, work};
use tokio::runtime::Runtime;
use tokio::task::{JoinSet, yield_now};

use crate::measure::{a_unit, median};
use crate::peers::kept;

pub(crate) fn print(runtime: &Runtime) {
    functions_on_one_breaker();
    callers_of_one_bulkhead(runtime);
    keys();
    windows();
    memory();
}

/// The median of some rounds.
fn nanoseconds(units: u64, run: impl Fn()) -> f64 {
    median((0..9).map(|_| a_unit(units, &run)).collect())
}

static SHARED: CircuitBreaker = CircuitBreaker::new("shared");

type Call = fn() -> Result<u64>;

/// A thousand functions on one breaker.
macro_rules! functions {
    (hundreds: $($hundreds:literal)*) => {
        [$(functions!(tens of $hundreds: 0 1 2 3 4 5 6 7 8 9)),*]
    };
    (tens of $hundreds:literal: $($tens:literal)*) => {
        [$(functions!(units of $tens: 0 1 2 3 4 5 6 7 8 9)),*]
    };
    (units of $tens:literal: $($units:literal)*) => {
        [$({
            #[circuit_breaker(SHARED)]
            async fn function() -> Result<u64> {
                work(false).await
            }
            let _nth = $units;
            (|| poll_to_end(function())) as Call
        }),*]
    };
}

fn functions_on_one_breaker() {
    let functions: [[[Call; 10]; 10]; 10] = functions!(hundreds: 0 1 2 3 4 5 6 7 8 9);
    let functions = functions.as_flattened().as_flattened();
    println!("So many functions on one breaker, called in turn.\n\n| functions | ns a call |\n|---:|---:|");
    for count in [1, 10, 100, 1_000] {
        let turns = 200_000 / count;
        let a_call = nanoseconds((turns * count) as u64, || {
            for _ in 0..turns {
                for function in &functions[..count] {
                    drop(black_box(function()));
                }
            }
        });
        println!("| {count} | {a_call:.1} |");
    }
    println!();
}

/// So many calls at once through ten places.
fn callers_of_one_bulkhead(runtime: &Runtime) {
    println!("So many calls at once through a bulkhead of 10 places, each with one yield inside.\n");
    println!("| calls | ns a call | without a bulkhead |\n|---:|---:|---:|");
    for calls in [1, 10, 100, 1_000, 10_000, 100_000] {
        let through = a_call_of_many(runtime, calls, || async {
            static PLACES: Bulkhead = Bulkhead::new("places").max_wait(Duration::from_secs(600));
            let result = PLACES.call(|| async {
                yield_now().await;
                Ok::<_, ApiError>(7)
            });
            result.await.is_ok()
        });
        let without = a_call_of_many(runtime, calls, || async {
            yield_now().await;
            true
        });
        println!("| {calls} | {through:.0} | {without:.0} |");
    }
    println!();
}

fn a_call_of_many<F>(runtime: &Runtime, calls: usize, call: impl Fn() -> F) -> f64
where
    F: Future<Output = bool> + Send + 'static,
{
    // As many calls at each size, so that each figure is of as long a time.
    let repetitions = 100_000 / calls;
    let sample = || {
        a_unit((repetitions * calls) as u64, || {
            for _ in 0..repetitions {
                runtime.block_on(async {
                    let mut tasks = JoinSet::new();
                    for _ in 0..calls {
                        tasks.spawn(call());
                    }
                    assert!(tasks.join_all().await.into_iter().all(|succeeded| succeeded));
                });
            }
        })
    };
    median((0..3).map(|_| sample()).collect())
}

fn keys() {
    println!("So many keys of a `Keyed`, asked for in turn, in an order that no cache foresees.\n");
    println!("| keys | ns for one | bytes a key |\n|---:|---:|---:|");
    for count in [1, 1_000, 100_000] {
        let keyed = kept(Keyed::new(CircuitBreaker::new("keyed")).capacity(count));
        let keys: Vec<String> =
            (0..count).map(|key| format!("host-{:06}.example.org", key * 7919 % count)).collect();
        let made = allocation_counter::measure(|| keys.iter().for_each(|key| drop(keyed.get(key.as_str()))));
        let turns = 100_000_usize.div_ceil(count);
        let one = nanoseconds((turns * count) as u64, || {
            for _ in 0..turns {
                for key in &keys {
                    drop(black_box(keyed.get(key.as_str())));
                }
            }
        });
        println!(
            "| {count} | {one:.0} | {} |",
            made.bytes_current / i64::try_from(count).unwrap_or(i64::MAX)
        );
    }
    println!();
}

fn windows() {
    println!("Windows of so many calls: a success, and one failure in ten calls.\n");
    println!("| window | ns a success | ns a call, one in ten fails | bytes |\n|---:|---:|---:|---:|");
    for window in [10, 100, 10_000, 1_000_000] {
        let breaker = kept(CircuitBreaker::new("window").failure_rate(0.9).window_calls(window));
        let success = nanoseconds(100_000, || {
            for _ in 0..100_000 {
                drop(black_box(poll_to_end(breaker.call(|| work(false)))));
            }
        });
        let call = AtomicUsize::new(0);
        let some_fail = || {
            for _ in 0..100_000 {
                let fails = call.fetch_add(1, Relaxed).is_multiple_of(10);
                let made = breaker.call(|| async { if fails { Err(ApiError::Status(503)) } else { Ok(7) } });
                drop(black_box(poll_to_end(made)));
            }
        };
        let held = allocation_counter::measure(some_fail);
        let mixed = nanoseconds(100_000, some_fail);
        println!("| {window} | {success:.1} | {mixed:.1} | {} |", held.bytes_current);
    }
    println!();
}

fn memory() {
    println!("Bytes of each, in place; counts of a rate and waiters of a bulkhead come on the heap.\n");
    println!("| what | bytes |\n|---|---:|");
    println!("| CircuitBreaker | {} |", size_of::<CircuitBreaker>());
    let rate = kept(CircuitBreaker::new("rate").failure_rate(0.5));
    let made = allocation_counter::measure(|| drop(poll_to_end(rate.call(|| work(false)))));
    println!("| a rate over time, on the heap | {} |", made.bytes_current);
    println!("| Bulkhead | {} |", size_of::<Bulkhead>());
    println!("| RetryPolicy | {} |", size_of::<RetryPolicy>());
    println!("| Policy | {} |", size_of::<Policy>());
    println!("| the counters of an annotated function | {} |", size_of::<resilience::__private::Function>());
    println!("| a call in flight, five layers | {} |", size_of_val(&subjects::ours::all_five(false)));
    println!();
}
