//! An annotated function: its name, and what has become of its calls.

use crate::call_stats::CallStats;
use crate::sync::ShardedCounters;

/// The identity and the counters of one annotated function. One `static` each, made by its
/// attributes.
#[derive(Debug)]
pub struct Function {
    path: &'static str,
    file: &'static str,
    line: u32,
    counters: ShardedCounters<{ Counter::ALL }>,
}

/// What is counted of a function's calls.
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
    /// Known by module path and name.
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

    /// Starts a call; the guard counts what becomes of it.
    #[inline]
    pub const fn call(&self) -> FunctionCall<'_> {
        FunctionCall(self)
    }

    /// A call was dropped before its end.
    #[cold]
    fn count_early_end(&self) {
        self.count(if std::thread::panicking() { Counter::Failures } else { Counter::Abandoned });
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

/// One call in progress. Counted when it ends: by its result, as a failure if it panicked, as
/// abandoned if it was dropped before.
#[derive(Debug)]
#[must_use]
pub struct FunctionCall<'f>(&'f Function);

impl FunctionCall<'_> {
    /// The call ended with this result.
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
