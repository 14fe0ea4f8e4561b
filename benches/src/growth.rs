//! Growth of the cost with the number of functions on a breaker, of callers of a bulkhead, of keys,
//! and of calls in a window; and the memory of each type.

use std::future::Future;
use std::hint::black_box;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use resilience::{Bulkhead, CircuitBreaker, Keyed, Policy, RetryPolicy, circuit_breaker};
use subjects::{ApiError, Result, poll_to_end, work};
use tokio::runtime::Runtime;
use tokio::task::{JoinSet, yield_now};

use crate::measure::{median, time_per_unit};
use crate::peers::kept;

pub(crate) fn print(runtime: &Runtime) {
    functions_on_one_breaker();
    callers_of_one_bulkhead(runtime);
    keys();
    windows();
    memory();
}

/// Returns the median of the nanoseconds per unit over some rounds.
fn nanoseconds(units: u64, run: impl Fn()) -> f64 {
    median((0..9).map(|_| time_per_unit(units, &run)).collect())
}

static SHARED: CircuitBreaker = CircuitBreaker::new("shared");

type Call = fn() -> Result<u64>;

/// Defines a thousand functions on one breaker.
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
    println!(
        "Functions on one breaker, called in turn.\n\n| functions | ns per call |\n|---:|---:|"
    );
    for count in [1, 10, 100, 1_000] {
        let turns = 200_000 / count;
        let time = nanoseconds((turns * count) as u64, || {
            for _ in 0..turns {
                for function in &functions[..count] {
                    drop(black_box(function()));
                }
            }
        });
        println!("| {count} | {time:.1} |");
    }
    println!();
}

fn callers_of_one_bulkhead(runtime: &Runtime) {
    println!("Calls at once through a bulkhead of 10 slots, each with one yield inside.\n");
    println!("| calls | ns per call | without a bulkhead |\n|---:|---:|---:|");
    for calls in [1, 10, 100, 1_000, 10_000, 100_000] {
        let through = time_per_call_of_many(runtime, calls, || async {
            static SLOTS: Bulkhead = Bulkhead::new("slots").max_wait(Duration::from_secs(600));
            let result = SLOTS.call(|| async {
                yield_now().await;
                Ok::<_, ApiError>(7)
            });
            result.await.is_ok()
        });
        let without = time_per_call_of_many(runtime, calls, || async {
            yield_now().await;
            true
        });
        println!("| {calls} | {through:.0} | {without:.0} |");
    }
    println!();
}

fn time_per_call_of_many<F>(runtime: &Runtime, calls: usize, call: impl Fn() -> F) -> f64
where
    F: Future<Output = bool> + Send + 'static,
{
    // The total number of calls is the same for each size, so that each figure takes equally long.
    let repetitions = 100_000 / calls;
    let sample = || {
        time_per_unit((repetitions * calls) as u64, || {
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
    println!("Keys of a `Keyed`, looked up in an order that no cache predicts.\n");
    println!("| keys | ns per lookup | bytes per key |\n|---:|---:|---:|");
    for count in [1, 1_000, 100_000] {
        let keyed = kept(Keyed::new(CircuitBreaker::new("keyed")).capacity(count));
        let keys: Vec<String> =
            (0..count).map(|key| format!("host-{:06}.example.org", key * 7919 % count)).collect();
        let made = allocation_counter::measure(|| {
            for key in &keys {
                drop(keyed.get(key.as_str()));
            }
        });
        let turns = 100_000_usize.div_ceil(count);
        let time = nanoseconds((turns * count) as u64, || {
            for _ in 0..turns {
                for key in &keys {
                    drop(black_box(keyed.get(key.as_str())));
                }
            }
        });
        println!(
            "| {count} | {time:.0} | {} |",
            made.bytes_current / i64::try_from(count).unwrap_or(i64::MAX)
        );
    }
    println!();
}

fn windows() {
    println!("Windows of a number of calls: all calls succeed, or one in ten fails.\n");
    println!(
        "| window | ns per success | ns per call, one in ten fails | bytes |\n|---:|---:|---:|---:|"
    );
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
                let made = breaker
                    .call(|| async { if fails { Err(ApiError::Status(503)) } else { Ok(7) } });
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
    println!(
        "Bytes of each type in place. The counts of a rate and the waiters of a bulkhead are on \
         the heap.\n"
    );
    println!("| type | bytes |\n|---|---:|");
    println!("| CircuitBreaker | {} |", size_of::<CircuitBreaker>());
    let rate = kept(CircuitBreaker::new("rate").failure_rate(0.5));
    let made = allocation_counter::measure(|| drop(poll_to_end(rate.call(|| work(false)))));
    println!("| a rate over time, on the heap | {} |", made.bytes_current);
    println!("| Bulkhead | {} |", size_of::<Bulkhead>());
    println!("| RetryPolicy | {} |", size_of::<RetryPolicy>());
    println!("| Policy | {} |", size_of::<Policy>());
    println!(
        "| the counters of an annotated function | {} |",
        size_of::<resilience::__private::Function>()
    );
    println!(
        "| a call in flight, five layers | {} |",
        size_of_val(&subjects::ours::all_five(false))
    );
    println!();
}
