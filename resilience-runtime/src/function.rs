//! An annotated function: its name, and the counters of its calls.

use crate::call_stats::CallStats;
use crate::sync::ShardedCounters;

/// Identity and counters of one annotated function: a `static` that its attributes create.
#[derive(Debug)]
pub struct Function {
    path: &'static str,
    file: &'static str,
    line: u32,
    counters: ShardedCounters<{ Counter::ALL }>,
}

/// Counter of a function.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counter {
    Successes,
    Failures,
    Abandoned,
    Retries,
    NestedRetries,
    Timeouts,
    CircuitBreakerRejections,
    BulkheadRejections,
    Fallbacks,
}

impl Counter {
    const ALL: usize = Self::Fallbacks as usize + 1;
}

impl Function {
    /// Creates the function with this path (module path and name), file and line.
    #[must_use]
    pub const fn new(path: &'static str, file: &'static str, line: u32) -> Self {
        Self { path, file, line, counters: ShardedCounters::zero() }
    }

    pub(crate) const fn path(&self) -> &'static str {
        self.path
    }

    pub(crate) const fn file(&self) -> &'static str {
        self.file
    }

    pub(crate) const fn line(&self) -> u32 {
        self.line
    }

    #[inline]
    pub(crate) fn count(&self, counter: Counter) {
        self.counters.add_one(counter as usize);
    }

    /// Starts a call. The guard counts its outcome.
    #[inline]
    pub const fn call(&self) -> FunctionCall<'_> {
        FunctionCall(self)
    }

    /// Counts a call that was dropped before its end, by a panic or by its caller.
    #[cold]
    fn count_early_end(&self) {
        self.count(if std::thread::panicking() { Counter::Failures } else { Counter::Abandoned });
    }

    /// Sets all counters to zero.
    pub(crate) fn reset(&self) {
        self.counters.reset();
    }

    pub(crate) fn stats(&self) -> CallStats {
        let read = |counter: Counter| self.counters.sum(counter as usize);
        let (successes, failures, abandoned) =
            (read(Counter::Successes), read(Counter::Failures), read(Counter::Abandoned));
        CallStats {
            calls: successes + failures + abandoned,
            successes,
            failures,
            abandoned,
            retries: read(Counter::Retries),
            nested_retries: read(Counter::NestedRetries),
            timeouts: read(Counter::Timeouts),
            circuit_breaker_rejections: read(Counter::CircuitBreakerRejections),
            bulkhead_rejections: read(Counter::BulkheadRejections),
            fallbacks: read(Counter::Fallbacks),
        }
    }
}

/// Guard of one call in progress. The call is counted when it ends: by its result, as a failure if
/// it panicked, or as abandoned if its future was dropped before.
#[derive(Debug)]
#[must_use]
pub struct FunctionCall<'f>(&'f Function);

impl FunctionCall<'_> {
    /// Ends the call with this result.
    #[inline]
    pub fn end<T, E>(self, result: Result<T, E>) -> Result<T, E> {
        self.0.count(if result.is_ok() { Counter::Successes } else { Counter::Failures });
        std::mem::forget(self);
        result
    }
}

impl Drop for FunctionCall<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.count_early_end();
    }
}
