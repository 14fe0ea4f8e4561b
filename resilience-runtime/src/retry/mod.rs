//! `#[retry]`: another attempt, after a while, for a failure that may pass by itself.

mod backoff;
mod run;

use std::time::Duration;

pub use backoff::{BackoffKind, Jitter};
pub use run::{Next, Run};

/// When to try again, how often, and how long to wait in between. Declared once as a `static` and named by
/// `#[retry(STANDARD)]`, or written out in the attribute.
///
/// ```
/// use resilience::{Jitter, RetryPolicy, retry};
/// use std::time::Duration;
///
/// static STANDARD: RetryPolicy = RetryPolicy::new()
///     .max_attempts(4)
///     .base_delay(Duration::from_millis(100))
///     .max_delay(Duration::from_secs(2))
///     .jitter(Jitter::Full);
///
/// #[retry(STANDARD)]
/// async fn stock(item: u32) -> Result<u32, std::io::Error> {
///     Ok(item)
/// }
/// ```
///
/// The delay after attempt `n` (the first call is 1) is `d = min(base_delay · factorⁿ⁻¹, max_delay)` for
/// exponential backoff, then made random by the [`Jitter`].
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    max_attempts: u32,
    backoff: BackoffKind,
    base_delay: Option<Duration>,
    max_delay: Option<Duration>,
    factor: f64,
    jitter: Jitter,
    max_elapsed: Option<Duration>,
    nested: Nested,
}

/// What a `#[retry]` does that is entered inside an attempt of another one, on the same task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Nested {
    /// Makes one attempt: the outermost retry owns the retrying. Three levels of three attempts make 3 calls.
    #[default]
    Collapse,
    /// Retries all the same: three levels of three attempts make 27 calls.
    Allow,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// All of these are `const`: in a `static`, a value that can't be right is a compile error.
impl RetryPolicy {
    const BASE_DELAY: Duration = Duration::from_secs(1);
    const MAX_DELAY: Duration = Duration::from_secs(60);

    /// The defaults: 3 attempts, exponential backoff from 1 s by 2 up to 60 s, full jitter.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            max_attempts: 3,
            backoff: BackoffKind::Exponential,
            base_delay: None,
            max_delay: None,
            factor: 2.0,
            jitter: Jitter::Full,
            max_elapsed: None,
            nested: Nested::Collapse,
        }
    }

    /// Attempts in all, the first call included. Default 3, at least 2.
    ///
    /// # Panics
    ///
    /// If `attempts` is less than 2.
    #[must_use]
    #[track_caller]
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        assert!(
            attempts > 0,
            "max_attempts must be at least 2: the first call counts, and with 0 there would be none"
        );
        assert!(attempts > 1, "max_attempts must be at least 2: the first call counts, so 1 never retries");
        self.max_attempts = attempts;
        self
    }

    /// How the delay grows. Default [`BackoffKind::Exponential`].
    #[must_use]
    pub const fn backoff(mut self, backoff: BackoffKind) -> Self {
        self.backoff = backoff;
        self
    }

    /// The delay after the first attempt, before jitter. Default 1 s. Zero tries again at once, without a timer.
    ///
    /// # Panics
    ///
    /// If it is longer than a [`max_delay`](Self::max_delay) that was given.
    #[must_use]
    pub const fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = Some(delay);
        self.delays_agree()
    }

    /// No delay is longer, but for a longer `RetryAfter` hint. Default 60 s, or `base_delay` if that is longer.
    ///
    /// # Panics
    ///
    /// If it is shorter than a [`base_delay`](Self::base_delay) that was given.
    #[must_use]
    pub const fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = Some(delay);
        self.delays_agree()
    }

    const fn delays_agree(self) -> Self {
        if let (Some(base), Some(max)) = (self.base_delay, self.max_delay) {
            assert!(
                base.as_nanos() <= max.as_nanos(),
                "base_delay must not be longer than max_delay: every delay would be cut to max_delay"
            );
        }
        self
    }

    /// What the delay is multiplied by from attempt to attempt, with exponential backoff. Default 2.0, at least 1.
    ///
    /// # Panics
    ///
    /// If `factor` is less than 1, or no finite number.
    #[must_use]
    #[track_caller]
    pub const fn factor(mut self, factor: f64) -> Self {
        assert!(factor >= 1.0, "factor must be at least 1.0: with less the delays would shrink");
        assert!(factor.is_finite(), "factor must be a finite number");
        self.factor = factor;
        self
    }

    /// How the delay is made random. Default [`Jitter::Full`].
    #[must_use]
    pub const fn jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = jitter;
        self
    }

    /// No sleep is started that would end later than this after the first attempt began. Default: no such limit.
    ///
    /// # Panics
    ///
    /// If `limit` is zero.
    #[must_use]
    #[track_caller]
    pub const fn max_elapsed(mut self, limit: Duration) -> Self {
        assert!(!limit.is_zero(), "max_elapsed must be longer than zero: within no time there is no retry");
        self.max_elapsed = Some(limit);
        self
    }

    /// What to do inside an attempt of another retry. Default [`Nested::Collapse`].
    #[must_use]
    pub const fn nested(mut self, nested: Nested) -> Self {
        self.nested = nested;
        self
    }

    /// This policy with the durations an attribute gave as expressions, known only at the call. They are taken as
    /// they are: no value panics.
    pub(crate) fn with_durations(
        &self,
        base_delay: Option<Duration>,
        max_delay: Option<Duration>,
        max_elapsed: Option<Duration>,
    ) -> Self {
        Self {
            base_delay: base_delay.or(self.base_delay),
            max_delay: max_delay.or(self.max_delay),
            max_elapsed: max_elapsed.or(self.max_elapsed),
            ..self.clone()
        }
    }
}
