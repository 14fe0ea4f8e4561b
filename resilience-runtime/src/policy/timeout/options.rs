//! The limits of an adaptive timeout, and which of them can't be right.

use std::time::Duration;

/// What was declared; `None` where nothing was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AdaptiveTimeoutOptions {
    pub(crate) percentile: f64,
    pub(crate) multiplier: f64,
    pub(crate) min: Option<Duration>,
    pub(crate) max: Option<Duration>,
    pub(crate) window: Duration,
    pub(crate) minimum_calls: u32,
}

impl AdaptiveTimeoutOptions {
    pub(crate) const DEFAULT: Self = Self {
        percentile: 0.99,
        multiplier: 1.5,
        min: None,
        max: None,
        window: Duration::from_secs(60),
        minimum_calls: 20,
    };

    pub(crate) fn longest(&self) -> Duration {
        self.max.unwrap_or_else(|| Duration::from_secs(5).max(self.min.unwrap_or_default()))
    }

    pub(crate) fn shortest(&self) -> Duration {
        self.min.unwrap_or_else(|| Duration::from_millis(10).min(self.longest()))
    }

    /// Why this can't be right, as a sentence; `None` if it can.
    pub(crate) const fn refusal(&self) -> Option<&'static str> {
        if !(self.percentile > 0.0 && self.percentile <= 1.0) {
            Some("percentile must be more than 0.0 and at most 1.0: the 99th is 0.99")
        } else if !(self.multiplier >= 1.0 && self.multiplier.is_finite()) {
            Some(
                "multiplier must be at least 1.0 and finite: with less the limit would cut off calls as slow as usual",
            )
        } else if let Some(Duration::ZERO) = self.min {
            Some("min must be longer than zero: within no time nothing can be done")
        } else if let Some(Duration::ZERO) = self.max {
            Some("max must be longer than zero: within no time nothing can be done")
        } else if self.window.is_zero() {
            Some("window must be longer than zero: within no time no call could be seen")
        } else if self.minimum_calls == 0 {
            Some("minimum_calls must be at least 1: there is no percentile of no calls")
        } else if let (Some(min), Some(max)) = (self.min, self.max)
            && min.as_nanos() > max.as_nanos()
        {
            Some("min must not be longer than max: no limit could be both")
        } else {
            None
        }
    }
}
