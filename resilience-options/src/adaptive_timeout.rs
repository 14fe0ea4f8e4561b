//! The options of an adaptive timeout.

use std::time::Duration;

options! {
    /// Options of an adaptive timeout.
    pub struct AdaptiveTimeoutOptions("adaptive_timeout", "adaptive timeout") {
        /// Percentile of the latencies, as a share.
        percentile: f64, share("the 99th percentile is 0.99"),
            "percentile of the latencies, as a share", |it| Some(it.percentile());
        /// Factor from the percentile to the limit.
        multiplier: f64, factor("a smaller factor would end calls that are as slow as usual"),
            "factor from the percentile to the limit", |it| Some(it.multiplier());
        /// Shortest limit.
        min: Duration, longer_than_zero("no call can succeed in zero time"),
            "shortest limit", |it| Some(it.shortest());
        /// Longest limit.
        max: Duration, longer_than_zero("no call can succeed in zero time"),
            "longest limit; in force until the window holds enough calls",
            |it| Some(it.longest());
        /// Time for which a call is remembered.
        window: Duration, longer_than_zero("an empty window holds no calls"),
            "time for which a call is remembered", |it| Some(it.window());
        /// Number of calls in the window before the limit follows them.
        minimum_calls: u32, at_least(1, "a percentile needs at least one call"),
            "calls in the window before the limit follows them",
            |it| Some(it.minimum_calls());
    }

    refuse [min, max] if min.as_nanos() > max.as_nanos()
        => "`min` is longer than `max`: no limit could satisfy both";
}

const DEFAULT_PERCENTILE: f64 = 0.99;
const DEFAULT_MULTIPLIER: f64 = 1.5;
const DEFAULT_MIN: Duration = Duration::from_millis(10);
const DEFAULT_MAX: Duration = Duration::from_secs(5);
const DEFAULT_WINDOW: Duration = Duration::from_secs(60);
const DEFAULT_MINIMUM_CALLS: u32 = 20;

impl AdaptiveTimeoutOptions {
    /// Percentile of the latencies, as a share. Default 0.99.
    #[inline]
    #[must_use]
    pub const fn percentile(&self) -> f64 {
        match self.percentile {
            Some(percentile) => percentile,
            None => DEFAULT_PERCENTILE,
        }
    }

    /// Factor from the percentile to the limit. Default 1.5.
    #[inline]
    #[must_use]
    pub const fn multiplier(&self) -> f64 {
        match self.multiplier {
            Some(multiplier) => multiplier,
            None => DEFAULT_MULTIPLIER,
        }
    }

    /// Longest limit. Default 5 s, or `min` if that is longer.
    #[inline]
    #[must_use]
    pub fn longest(&self) -> Duration {
        self.max.unwrap_or_else(|| DEFAULT_MAX.max(self.min.unwrap_or_default()))
    }

    /// Shortest limit. Default 10 ms, or `max` if that is shorter.
    #[inline]
    #[must_use]
    pub fn shortest(&self) -> Duration {
        self.min.unwrap_or_else(|| DEFAULT_MIN.min(self.longest()))
    }

    /// Time for which a call is remembered. Default 60 s.
    #[inline]
    #[must_use]
    pub const fn window(&self) -> Duration {
        match self.window {
            Some(window) => window,
            None => DEFAULT_WINDOW,
        }
    }

    /// Number of calls in the window before the limit follows them. Default 20.
    #[inline]
    #[must_use]
    pub const fn minimum_calls(&self) -> u32 {
        match self.minimum_calls {
            Some(calls) => calls,
            None => DEFAULT_MINIMUM_CALLS,
        }
    }
}
