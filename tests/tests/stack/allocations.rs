//! A call that does not fail allocates nothing: under each layer and under all five, with a body
//! that ends at once and with one that suspends.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use allocation_counter::{AllocationInfo, measure};
use resilience::{
    AdaptiveTimeout, Bulkhead, CircuitBreaker, Keyed, RetryPolicy, bulkhead, circuit_breaker,
    fallback, retry, timeout,
};
use resilience_tests::{ApiError, ms, poll_once};
use tokio::task::yield_now;

async fn work(suspends: u32) -> Result<u32, ApiError> {
    for _ in 0..suspends {
        yield_now().await;
    }
    Ok(suspends)
}

/// Polls the call to its end on the stack, and returns how often it has suspended.
fn run<F: Future<Output = Result<u32, ApiError>>>(call: F) -> u32 {
    let mut call = pin!(call);
    let mut suspended = 0;
    loop {
        match poll_once(&mut call) {
            Poll::Ready(result) => {
                assert_eq!(result.expect("nothing fails"), suspended);
                return suspended;
            }
            Poll::Pending => suspended += 1,
        }
    }
}

/// Returns the number and the bytes of the allocations of one call.
fn allocations<F: Future<Output = Result<u32, ApiError>>>(
    call: fn(u32) -> F,
    suspends: u32,
) -> (u64, u64) {
    // The first call of a thread allocates what the thread needs, as tokio's list of yielded tasks.
    run(call(suspends));
    let AllocationInfo { count_total, bytes_total, .. } = measure(|| {
        assert_eq!(run(call(suspends)), suspends);
    });
    (count_total, bytes_total)
}

#[test]
fn the_counter_counts_allocations() {
    let counted = measure(|| drop(Box::new([0_u8; 100])));
    assert_eq!((counted.count_total, counted.bytes_total), (1, 100));
}

static BREAKER: CircuitBreaker = CircuitBreaker::new("allocations");
static RATE: CircuitBreaker =
    CircuitBreaker::new("rate").failure_rate(0.5).slow_call(Duration::from_secs(9));
static LAST: CircuitBreaker = CircuitBreaker::new("last").window_calls(100);
static KEYED: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("keyed"));
static LATENCY: AdaptiveTimeout = AdaptiveTimeout::new("latency");
static POOL: Bulkhead = Bulkhead::new("allocations");
static POLICY: RetryPolicy = RetryPolicy::new("standard");

fn delay() -> Duration {
    ms(1)
}

async fn other(suspends: u32) -> Result<u32, ApiError> {
    work(suspends).await
}

macro_rules! no_allocation {
    ($($name:ident: $(#$attribute:tt)*;)*) => {$(
        #[tokio::test(start_paused = true)]
        async fn $name() {
            $(#$attribute)*
            async fn call(suspends: u32) -> Result<u32, ApiError> {
                work(suspends).await
            }
            for suspends in [0, 1, 3] {
                assert_eq!(allocations(call, suspends), (0, 0), "suspends {suspends} times");
            }
        }
    )*};
}

/// The first call of a new thread allocates nothing either.
#[test]
fn durations_by_expression_allocate_nothing_for_a_new_thread() {
    #[retry(base_delay = delay(), max_elapsed = delay())]
    async fn call(suspends: u32) -> Result<u32, ApiError> {
        work(suspends).await
    }
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let _entered = runtime.enter();
    let AllocationInfo { count_total, .. } = measure(|| {
        assert_eq!(run(call(0)), 0);
    });
    assert_eq!(count_total, 0);
}

/// Only the first call that ends allocates. Each call begins a new slice of the window and computes
/// the limit again.
#[tokio::test(start_paused = true)]
async fn an_adaptive_timeout_allocates_nothing_when_it_adapts() {
    static FOLLOWS: AdaptiveTimeout =
        AdaptiveTimeout::new("follows").minimum_calls(1).min(ms(1)).window(Duration::from_secs(8));
    #[timeout(FOLLOWS)]
    async fn call(suspends: u32) -> Result<u32, ApiError> {
        work(suspends).await
    }
    for _ in 0..100 {
        tokio::time::advance(ms(1100)).await;
        assert_eq!(allocations(call, 0), (0, 0));
        assert_eq!(FOLLOWS.limit(), ms(1), "it has looked");
    }
}

/// The first waiter waits all the time, and there is always one behind those that give up.
#[tokio::test(start_paused = true)]
async fn waiters_that_give_up_leave_no_memory_in_the_queue() {
    static CLOSED: Bulkhead = Bulkhead::new("closed").max_wait(Duration::MAX);
    CLOSED.resize(0);
    let enter = || {
        let mut waiter = Box::pin(CLOSED.call(|| work(0)));
        assert!(poll_once(&mut waiter).is_pending());
        waiter
    };
    let _first = enter();
    let mut last = enter();
    let AllocationInfo { bytes_current, .. } = measure(|| (0..10_000).for_each(|_| last = enter()));
    assert_eq!(CLOSED.snapshot().waiting, 2);
    assert!(bytes_current < 1_000, "{bytes_current} bytes for waiters that have gone");
}

no_allocation! {
    a_timeout_allocates_nothing: #[timeout(1s)];
    an_adaptive_timeout_allocates_nothing: #[timeout(LATENCY)];
    two_timeouts_allocate_nothing: #[timeout(1s)] #[timeout(500ms)];
    a_retry_allocates_nothing: #[retry];
    a_shared_retry_policy_allocates_nothing: #[retry(POLICY)];
    max_elapsed_allocates_nothing: #[retry(max_elapsed = 1s)];
    a_delay_by_expression_allocates_nothing: #[retry(base_delay = delay())];
    a_circuit_breaker_allocates_nothing: #[circuit_breaker(BREAKER)];
    a_circuit_breaker_without_a_name_allocates_nothing: #[circuit_breaker];
    predicates_allocate_nothing: #[circuit_breaker(when = |_| true, when_ok = |value| *value > 99)];
    a_failure_rate_allocates_nothing: #[circuit_breaker(RATE)];
    a_window_of_calls_allocates_nothing: #[circuit_breaker(LAST)];
    a_known_key_allocates_nothing: #[circuit_breaker(KEYED.get("a"))];
    a_bulkhead_with_free_slots_allocates_nothing: #[bulkhead(POOL)];
    a_fallback_by_path_allocates_nothing: #[fallback(other)];
    a_fallback_by_value_allocates_nothing: #[fallback(value = 0)];
    a_fallback_by_closure_allocates_nothing: #[fallback(|_| Ok(0))];
    all_five_layers_allocate_nothing:
        #[fallback(other)] #[bulkhead(POOL)] #[circuit_breaker(BREAKER)] #[retry] #[timeout(1s)];
    all_five_layers_in_reverse_allocate_nothing:
        #[timeout(1s)] #[retry] #[circuit_breaker(BREAKER)] #[bulkhead(POOL)] #[fallback(other)];
}

#[circuit_breaker(RATE)]
async fn taking_a_rate(suspends: u32) -> Result<u32, ApiError> {
    work(suspends).await
}

/// The window moves with the time: no success needs more memory than the first.
#[tokio::test(start_paused = true)]
async fn a_failure_rate_allocates_nothing_while_its_window_fills() {
    run(taking_a_rate(0));
    for call in 0..200 {
        let counted = measure(|| assert_eq!(run(taking_a_rate(0)), 0));
        assert_eq!(counted.count_total, 0, "call {call}");
        tokio::time::advance(ms(777)).await;
    }
}
