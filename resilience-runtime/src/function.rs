//! An annotated function: its name, and what has become of its calls.

use crate::stripe::Counters;

/// The identity and the counters of one annotated function. One `static` each, made by its attributes.
#[derive(Debug)]
pub struct Function {
    path: &'static str,
    file: &'static str,
    line: u32,
    counters: Counters<{ Counter::ALL }>,
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
    BreakerRejections,
    BulkheadRejections,
    Fallbacks,
}

impl Counter {
    const ALL: usize = Self::Fallbacks as usize + 1;
}

/// What has become of the calls of one annotated function.
///
/// The first four are about calls: `calls = successes + failures + abandoned`. The others are about what the
/// layers did, and may be more than one a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Stats {
    /// Calls that have ended.
    pub calls: u64,
    /// Calls that gave their caller an `Ok`, a fallback's included.
    pub successes: u64,
    /// Calls that gave their caller an `Err`, or panicked.
    pub failures: u64,
    /// Calls whose future was dropped before it ended: the caller went away.
    pub abandoned: u64,
    /// Attempts after the first one.
    pub retries: u64,
    /// Attempts that failed inside an attempt of another retry, which does the retrying.
    pub nested_retries: u64,
    /// Limits that passed.
    pub timeouts: u64,
    /// Calls or attempts turned away by an open breaker.
    pub breaker_rejections: u64,
    /// Calls or attempts turned away by a full bulkhead.
    pub bulkhead_rejections: u64,
    /// Fallbacks that were asked.
    pub fallbacks: u64,
}

impl Stats {
    /// The share of calls that gave their caller an `Ok`, from 0 to 1, those abandoned aside. `None` before any has ended.
    ///
    /// Of all calls since the start: it hardly moves after a while. For the rate of some time, subtract the counts of two moments.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "of more than 2⁵³ calls a share is exact enough"
    )]
    pub fn success_rate(&self) -> Option<f64> {
        let answered = self.successes + self.failures;
        (answered > 0).then(|| self.successes as f64 / answered as f64)
    }

    pub(crate) const fn plus(self, other: Self) -> Self {
        Self {
            calls: self.calls + other.calls,
            successes: self.successes + other.successes,
            failures: self.failures + other.failures,
            abandoned: self.abandoned + other.abandoned,
            retries: self.retries + other.retries,
            nested_retries: self.nested_retries + other.nested_retries,
            timeouts: self.timeouts + other.timeouts,
            breaker_rejections: self.breaker_rejections + other.breaker_rejections,
            bulkhead_rejections: self.bulkhead_rejections + other.bulkhead_rejections,
            fallbacks: self.fallbacks + other.fallbacks,
        }
    }
}

impl Function {
    /// Known by module path and name.
    #[must_use]
    pub const fn new(path: &'static str, file: &'static str, line: u32) -> Self {
        Self { path, file, line, counters: Counters::zero() }
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
    pub const fn call(&self) -> Call<'_> {
        Call(self)
    }

    /// A call was dropped before its end.
    #[cold]
    fn count_early_end(&self) {
        self.count(if std::thread::panicking() { Counter::Failures } else { Counter::Abandoned });
    }

    pub(crate) fn stats(&self) -> Stats {
        let read = |counter: Counter| self.counters.sum(counter as usize);
        let (successes, failures, abandoned) =
            (read(Counter::Successes), read(Counter::Failures), read(Counter::Abandoned));
        Stats {
            calls: successes + failures + abandoned,
            successes,
            failures,
            abandoned,
            retries: read(Counter::Retries),
            nested_retries: read(Counter::NestedRetries),
            timeouts: read(Counter::Timeouts),
            breaker_rejections: read(Counter::BreakerRejections),
            bulkhead_rejections: read(Counter::BulkheadRejections),
            fallbacks: read(Counter::Fallbacks),
        }
    }
}

/// One call in progress. Counted when it ends: by its result, as a failure if it panicked, as abandoned if it
/// was dropped before.
#[derive(Debug)]
#[must_use]
pub struct Call<'f>(&'f Function);

impl Call<'_> {
    /// The call ended with this result.
    #[inline]
    pub fn end<T, E>(self, result: Result<T, E>) -> Result<T, E> {
        self.0.count(if result.is_ok() { Counter::Successes } else { Counter::Failures });
        std::mem::forget(self);
        result
    }
}

impl Drop for Call<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.count_early_end();
    }
}
