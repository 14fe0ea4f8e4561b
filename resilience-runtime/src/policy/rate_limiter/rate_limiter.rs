//! A rate limiter, and what can be done with it by hand.

#[cfg(feature = "toml")]
use std::task::Waker;
use std::time::Duration;

use resilience_options::RateLimiterOptions;

use super::pace::Pace;
use super::schedule::{LimiterReading, Schedule, Turn};
use super::snapshot::RateLimiterSnapshot;
use crate::event::{Event, emit, emit_per_call};
use crate::function::{Counter, Function};
use crate::outcome::{Class, Error, Key};
use crate::sync::{Reloadable, StickyFlag};
use crate::time::Nanos;

/// A limit on the calls to a dependency in a time, shared by every function that names the limiter.
///
/// For a dependency that counts calls: it answers "too many requests" to callers above its limit,
/// or bills them. Declared once, as a `static`:
///
/// ```
/// use resilience::{RateLimiter, rate_limiter};
///
/// static GITHUB: RateLimiter = RateLimiter::new("github").per_second(20);
/// # #[derive(Debug)] struct ApiError;
/// # impl From<resilience::Error> for ApiError { fn from(_: resilience::Error) -> Self { Self } }
///
/// #[rate_limiter(GITHUB)]
/// async fn stars(repository: &str) -> Result<u64, ApiError> {
///     Ok(repository.len() as u64)
/// }
/// ```
///
/// First come, first served: a call that must wait takes its turn when it comes, and sleeps once
/// until then. There is no queue, and no call wakes another. If the wait would be longer than
/// `max_wait`, or would end after the [`deadline`](crate::deadline()), the call is rejected at once
/// and takes no turn. A call that is dropped while it waits gives its turn back, unless a later one
/// has been given out.
///
/// In no time, however short or long, are there more calls than `rate × time + burst`. The timer of
/// tokio has a resolution of a millisecond, so calls that wait may be up to a millisecond late.
///
/// # The dependency's own word
///
/// An error of the class [`Class::RetryAfter`] says when the dependency wants to be asked again.
/// One caller gets this answer, and all callers obey it: the limiter is paused for as long. Calls
/// that wait go on waiting, and keep their order and their distances; a call whose turn is now too
/// far away is rejected.
///
/// [`call`](Self::call) makes one call through it, [`acquire`](Self::acquire) waits for a turn.
pub struct RateLimiter {
    pub(super) name: &'static str,
    /// Key of an instance of a [`Keyed`](crate::Keyed).
    pub(super) key: Option<Key>,
    pub(super) options: Reloadable<RateLimiterOptions>,
    /// Same limits, as each call needs them.
    pub(super) pace: Reloadable<Pace>,
    pub(super) schedule: Schedule,
    /// Set when somebody got a turn other than by an attribute or a policy.
    pub(super) called: StickyFlag,
}

impl RateLimiter {
    /// Name, as errors and events give it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Key, as it is displayed, of an instance of a [`Keyed`](crate::Keyed).
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Tokens, waiting calls and pause, now.
    #[must_use]
    pub fn snapshot(&self) -> RateLimiterSnapshot {
        let pace = self.pace.get();
        let LimiterReading { tokens, next, paused, waiting, .. } =
            self.schedule.read(&pace, Nanos::now());
        RateLimiterSnapshot {
            name: self.name,
            key: self.key.clone(),
            burst: pace.burst,
            tokens,
            next_free: Duration::from_nanos(next),
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
            paused_for: (paused > 0).then(|| Duration::from_nanos(paused)),
        }
    }

    /// Pauses the limiter for all callers, for at least this long from now on: for code that has
    /// read the dependency's answer itself. [`call`](Self::call) and the attribute do this at an
    /// error of the class [`Class::RetryAfter`].
    ///
    /// ```
    /// use resilience::RateLimiter;
    /// use std::time::Duration;
    ///
    /// static GITHUB: RateLimiter = RateLimiter::new("github").per_second(20);
    ///
    /// GITHUB.pause(Duration::from_secs(60));
    /// let error = GITHUB.try_acquire(1).expect_err("paused");
    /// assert!(error.retry_after().is_some_and(|wait| wait > Duration::from_secs(59)));
    /// GITHUB.reset();
    /// assert!(GITHUB.try_acquire(1).is_ok());
    /// ```
    #[cold]
    pub fn pause(&self, length: Duration) {
        if self.schedule.pause(Nanos::now(), length) {
            emit(|| Event::RateLimiterPaused { name: self.name, key: self.key.clone(), length });
        }
    }

    /// Returns to the declared state: forgets all calls, and ends a pause. `burst` calls can be
    /// made at once. Calls that wait keep their turns.
    pub fn reset(&self) {
        self.schedule.reset(&self.pace.get(), Nanos::now());
    }

    /// Takes a turn for this cost, if the wait is at most `longest` nanoseconds. Otherwise returns
    /// the wait that would be needed; `None` for a cost that can never be had.
    #[inline]
    pub(super) fn take(&self, cost: u32, longest: u64) -> Result<Turn<'_>, Option<Duration>> {
        self.pace.with(|pace| {
            if cost > pace.burst {
                return Err(None);
            }
            let taken = self.schedule.take(pace, pace.price(cost), Nanos::now(), longest);
            taken.map_err(|wait| Some(Duration::from_nanos(wait)))
        })
    }

    /// Pauses the limiter if the class of a failure says so.
    #[inline]
    pub(crate) fn obey(&self, class: Class) {
        if let Class::RetryAfter(hint) = class
            && self.options.with(RateLimiterOptions::obey_retry_after)
        {
            self.pause(hint);
        }
    }

    /// Returns `true` if nothing would be lost with it.
    pub(crate) fn is_full(&self, now: Nanos) -> bool {
        self.schedule.read(&self.pace.get(), now).is_full
    }

    /// Returns `true` if somebody got a turn other than by an attribute or a policy.
    pub(crate) fn was_called(&self) -> bool {
        self.called.is_set()
    }

    /// Makes another one for this key, with all its tokens and the same name and limits.
    pub(crate) fn fresh(&self, key: Option<Key>) -> Self {
        Self {
            name: self.name,
            key,
            options: self.options.fresh(),
            pace: self.pace.fresh(),
            schedule: self.schedule.fresh(),
            called: StickyFlag::new(),
        }
    }

    pub(super) fn error(&self, retry_after: Option<Duration>) -> Error {
        Error::RateLimited { name: self.name, key: self.key.clone(), retry_after }
    }

    /// Counts and emits a rejection, and returns its error.
    #[cold]
    pub(super) fn rejected(
        &self,
        function: Option<&Function>,
        retry_after: Option<Duration>,
    ) -> Error {
        if let Some(function) = function {
            function.count(Counter::RateLimiterRejections);
        }
        emit_per_call(move || Event::RateLimiterRejected {
            name: self.name,
            key: self.key.clone(),
            function: function.map(Function::path),
            retry_after,
        });
        self.error(retry_after)
    }

    /// The options in the code, and those that override them.
    pub(crate) const fn options(&self) -> &Reloadable<RateLimiterOptions> {
        &self.options
    }

    /// Overrides the options; `None` restores the options of the code. Calls that wait keep their
    /// turns, so it returns no waker.
    #[cfg(feature = "toml")]
    pub(crate) fn configure(&self, options: Option<RateLimiterOptions>) -> Vec<Waker> {
        let pace = options.as_ref().map(Pace::of);
        let next = pace.unwrap_or(self.pace.declared);
        self.schedule.change_pace(&self.pace.get(), &next, Nanos::now());
        self.options.replace(options);
        self.pace.replace(pace);
        Vec::new()
    }
}
