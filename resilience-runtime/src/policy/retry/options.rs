//! The limits of a retry, and which of them can't be right.

use std::time::Duration;

use super::backoff::{BackoffKind, Jitter};
use super::call_overrides::CallDurations;
use super::nested::NestedRetry;
use crate::task;

/// What was declared; `None` where nothing was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryOptions {
    pub(crate) max_attempts: u32,
    pub(crate) backoff: BackoffKind,
    pub(crate) base_delay: Option<Duration>,
    pub(crate) max_delay: Option<Duration>,
    pub(crate) factor: Option<f64>,
    pub(crate) jitter: Option<Jitter>,
    pub(crate) max_elapsed: Option<Duration>,
    pub(crate) nested: NestedRetry,
}

impl RetryOptions {
    pub(crate) const DEFAULT: Self = Self {
        max_attempts: 3,
        backoff: BackoffKind::Exponential,
        base_delay: None,
        max_delay: None,
        factor: None,
        jitter: None,
        max_elapsed: None,
        nested: NestedRetry::Collapse,
    };

    pub(crate) fn base_delay(&self) -> Duration {
        self.base_delay.unwrap_or(Duration::from_secs(1))
    }

    /// A base delay beyond the default raises it.
    pub(crate) fn max_delay(&self) -> Duration {
        self.max_delay.unwrap_or_else(|| Duration::from_secs(60).max(self.base_delay()))
    }

    pub(crate) fn factor(&self) -> f64 {
        self.factor.unwrap_or(2.0)
    }

    /// These, with the durations that only the call knows.
    pub(crate) fn with(&self, call: CallDurations) -> Self {
        Self {
            base_delay: call.base_delay.or(self.base_delay),
            max_delay: call.max_delay.or(self.max_delay),
            max_elapsed: call.max_elapsed.or(self.max_elapsed),
            ..*self
        }
    }

    /// Whether another retry, around this call, does the retrying.
    #[inline]
    pub(crate) fn leaves_it_to_the_outer(&self) -> bool {
        self.nested == NestedRetry::Collapse && task::in_attempt()
    }

    /// Why this can't be right, as a sentence; `None` if it can.
    pub(crate) const fn refusal(&self) -> Option<&'static str> {
        if self.max_attempts == 0 {
            Some(
                "max_attempts must be at least 2: the first call counts, and with 0 there would be none",
            )
        } else if self.max_attempts == 1 {
            Some("max_attempts must be at least 2: the first call counts, so 1 never retries")
        } else if let Some(factor) = self.factor
            && !(factor >= 1.0 && factor.is_finite())
        {
            Some("factor must be at least 1.0 and finite: with less the delays would shrink")
        } else if let Some(Duration::ZERO) = self.max_elapsed {
            Some("max_elapsed must be longer than zero: within no time there is no retry")
        } else if let (Some(base), Some(max)) = (self.base_delay, self.max_delay)
            && base.as_nanos() > max.as_nanos()
        {
            Some(
                "base_delay must not be longer than max_delay: every delay would be cut to max_delay",
            )
        } else if let BackoffKind::Custom(_) = self.backoff
            && self.base_delay.is_some()
        {
            Some(
                "base_delay means nothing beside a backoff of your own: that gives the whole delay",
            )
        } else if let (BackoffKind::Custom(_), Some(Jitter::Decorrelated)) =
            (self.backoff, self.jitter)
        {
            Some(
                "decorrelated jitter grows by itself, and would leave nothing of a backoff of your own",
            )
        } else {
            None
        }
    }
}
