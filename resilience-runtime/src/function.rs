//! An annotated function: its name, and the counters of its calls.

use crate::call_outcome::CallOutcome;
use crate::call_stats::CallStats;
use crate::detached_counts::DetachedCounts;
#[cfg(feature = "tracing")]
use crate::event::FallbackRun;
#[cfg(feature = "tracing")]
use crate::outcome::Cause;
use crate::sync::{ShardedCounters, nounwind};
use crate::task::{WholeCall, call_panicked};

/// Identity and counters of one annotated function: a `static` that its attributes create.
#[derive(Debug)]
pub struct Function {
    path: &'static str,
    file: &'static str,
    line: u32,
    #[cfg(feature = "tracing")]
    fallback_run: FallbackRun,
    counters: ShardedCounters<{ Counter::ALL }>,
    pub(crate) detached: DetachedCounts,
}

/// Counter of a function. The first ones are the outcomes of a call: each call is counted by one of
/// them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counter {
    Successes,
    Failures,
    Expected,
    Ignored,
    Rejected,
    TimedOut,
    FallbackAnswers,
    FallbackAnswersAfterFailure,
    Abandoned,
    Retries,
    NestedRetries,
    Timeouts,
    CircuitBreakerRejections,
    BulkheadRejections,
    RateLimiterRejections,
    Fallbacks,
}

/// Number of counters that fit on a cache line: one more would double the size of every function.
const CACHE_LINE: usize = 16;

const _: () = assert!(Counter::ALL <= CACHE_LINE);

impl Counter {
    const ALL: usize = Self::Fallbacks as usize + 1;

    const fn of(outcome: CallOutcome) -> Self {
        match outcome {
            CallOutcome::Success => Self::Successes,
            CallOutcome::Failure => Self::Failures,
            CallOutcome::Expected => Self::Expected,
            CallOutcome::Ignored => Self::Ignored,
            CallOutcome::Rejected => Self::Rejected,
            CallOutcome::TimedOut => Self::TimedOut,
            CallOutcome::Fallback => Self::FallbackAnswers,
            CallOutcome::FallbackAfterFailure => Self::FallbackAnswersAfterFailure,
        }
    }
}

impl Function {
    /// Creates the function with this path (module path and name), file and line.
    #[must_use]
    pub const fn new(path: &'static str, file: &'static str, line: u32) -> Self {
        Self {
            path,
            file,
            line,
            #[cfg(feature = "tracing")]
            fallback_run: FallbackRun::new(),
            counters: ShardedCounters::zero(),
            detached: DetachedCounts::zero(),
        }
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

    /// Logs that a call falls back, if it is the first one after an answer. Returns `true` if it
    /// has done so.
    #[cfg(feature = "tracing")]
    pub(crate) fn logs_fallback(&self, cause: Cause<'_>) -> bool {
        self.fallback_run.fell_back(self.path, cause)
    }

    /// Starts a call. The guard counts its outcome.
    #[inline]
    pub const fn call(&self) -> FunctionCall<'_> {
        FunctionCall(self)
    }

    /// Sets all counters to zero.
    pub(crate) fn reset(&self) {
        self.counters.reset();
        self.detached.reset();
        #[cfg(feature = "tracing")]
        self.fallback_run.reset();
    }

    pub(crate) fn stats(&self) -> CallStats {
        let read = |counter: Counter| self.counters.sum(counter as usize);
        let failures_behind_fallbacks = read(Counter::FallbackAnswersAfterFailure);
        let (detached, detached_ended) = self.detached.detached_and_ended();
        CallStats {
            calls: 0,
            successes: read(Counter::Successes),
            failures: read(Counter::Failures),
            expected: read(Counter::Expected),
            ignored: read(Counter::Ignored),
            rejected: read(Counter::Rejected),
            timed_out: read(Counter::TimedOut),
            answered_by_fallback: read(Counter::FallbackAnswers) + failures_behind_fallbacks,
            failures_behind_fallbacks,
            abandoned: read(Counter::Abandoned),
            retries: read(Counter::Retries),
            nested_retries: read(Counter::NestedRetries),
            timeouts: read(Counter::Timeouts),
            circuit_breaker_rejections: read(Counter::CircuitBreakerRejections),
            bulkhead_rejections: read(Counter::BulkheadRejections),
            rate_limiter_rejections: read(Counter::RateLimiterRejections),
            fallbacks: read(Counter::Fallbacks),
            detached,
            detached_ended,
            detached_panics: self.detached.panics(),
        }
        .with_sum()
    }
}

/// Guard of one call in progress. The call is counted when it ends: by its outcome, as a failure if
/// it panicked, or as abandoned if its future was dropped before.
#[derive(Debug)]
#[must_use]
pub struct FunctionCall<'f>(&'f Function);

impl FunctionCall<'_> {
    /// Ends a call that returns an error.
    #[inline]
    pub fn fail(self, outcome: CallOutcome) {
        count_error(self.0, outcome);
        std::mem::forget(self);
    }

    /// Ends the call with this outcome.
    #[inline]
    pub fn end(self, outcome: CallOutcome) {
        let function = self.0;
        function.count(Counter::of(outcome));
        std::mem::forget(self);
        #[cfg(feature = "tracing")]
        if matches!(outcome, CallOutcome::Success | CallOutcome::Expected) {
            function.fallback_run.answered(function.path);
        }
    }
}

impl Drop for FunctionCall<'_> {
    #[inline]
    fn drop(&mut self) {
        count_early_end(self.0);
    }
}

nounwind! {
    /// Counts a call that returned an error.
    #[cold]
    fn count_error(function: &Function, outcome: CallOutcome) {
        FunctionCall(function).end(outcome);
    }
}

nounwind! {
    /// Counts a call that was dropped before its end, by a panic or by its caller.
    #[cold]
    fn count_early_end(function: &Function) {
        let _whole = WholeCall;
        let early = if call_panicked() { Counter::Failures } else { Counter::Abandoned };
        function.count(early);
    }
}
