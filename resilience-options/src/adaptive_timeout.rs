//! The options of an adaptive timeout.

use std::time::Duration;

options! {
    /// Options of an adaptive timeout.
    pub struct AdaptiveTimeoutOptions("adaptive_timeout", "adaptive timeout") {
        /// Percentile of the latencies.
        percentile: f64, share("the 99th percentile is 0.99"), "which of the latencies",
            |it| Some(it.percentile());
        /// Factor from the percentile to the limit.
        multiplier: f64, factor("with less the limit would cut off calls as slow as usual"),
            "how many times that latency the limit is", |it| Some(it.multiplier());
        /// Shortest limit.
        min: Duration, longer_than_zero("in no time nothing can be done"), "never shorter",
            |it| Some(it.shortest());
        /// Longest limit.
        max: Duration, longer_than_zero("in no time nothing can be done"),
            "never longer, and this until enough calls are seen", |it| Some(it.longest());
        /// Time for which a call is remembered.
        window: Duration, longer_than_zero("in no time no call could be seen"),
            "how long a call is remembered", |it| Some(it.window());
        /// Number of calls before the limit follows them.
        minimum_calls: u32, at_least(1, "no calls have no percentile"),
            "calls to be seen before they count", |it| Some(it.minimum_calls());
    }

    refuse [min, max] if min.as_nanos() > max.as_nanos()
        => "`min` is longer than `max`: no limit could be both";
}

const DEFAULT_PERCENTILE: f64 = 0.99;
const DEFAULT_MULTIPLIER: f64 = 1.5;
const DEFAULT_MIN: Duration = Duration::from_millis(10);
const DEFAULT_MAX: Duration = Duration::from_secs(5);
const DEFAULT_WINDOW: Duration = Duration::from_secs(60);
const DEFAULT_MINIMUM_CALLS: u32 = 20;

impl AdaptiveTimeoutOptions {
    /// Percentile of the latencies.
    #[inline]
    #[must_use]
    pub const fn percentile(&self) -> f64 {
        match self.percentile {
            Some(percentile) => percentile,
            None => DEFAULT_PERCENTILE,
        }
    }

    /// Factor from the percentile to the limit.
    #[inline]
    #[must_use]
    pub const fn multiplier(&self) -> f64 {
        match self.multiplier {
            Some(multiplier) => multiplier,
            None => DEFAULT_MULTIPLIER,
        }
    }

    /// Longest limit. A `min` beyond the default raises it.
    #[inline]
    #[must_use]
    pub fn longest(&self) -> Duration {
        self.max.unwrap_or_else(|| DEFAULT_MAX.max(self.min.unwrap_or_default()))
    }

    /// Shortest limit. A `max` below the default lowers it.
    #[inline]
    #[must_use]
    pub fn shortest(&self) -> Duration {
        self.min.unwrap_or_else(|| DEFAULT_MIN.min(self.longest()))
    }

    /// Time for which a call is remembered.
    #[inline]
    #[must_use]
    pub const fn window(&self) -> Duration {
        match self.window {
            Some(window) => window,
            None => DEFAULT_WINDOW,
        }
    }

    /// Number of calls before the limit follows them.
    #[inline]
    #[must_use]
    pub const fn minimum_calls(&self) -> u32 {
        match self.minimum_calls {
            Some(calls) => calls,
            None => DEFAULT_MINIMUM_CALLS,
        }
    }
}
