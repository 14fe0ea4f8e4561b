//! The limits of a rate limiter in nanoseconds, as each call needs them.

use std::time::Duration;

use resilience_options::RateLimiterOptions;

use crate::time::nanoseconds;

/// Limits of a rate limiter in force.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Time from one token to the next in nanoseconds, rounded up: never more than the rate.
    pub(super) interval: u64,
    /// Number of tokens that are kept.
    pub(super) burst: u32,
    /// Longest wait in nanoseconds.
    pub(super) max_wait: u64,
}

impl Pace {
    /// Returns the pace of options that have been checked.
    #[expect(clippy::cast_possible_truncation, reason = "at most ten years, by the options")]
    pub(super) const fn of(options: &RateLimiterOptions) -> Self {
        Self {
            interval: options.rate().interval() as u64,
            burst: options.burst(),
            max_wait: nanoseconds(options.max_wait()),
        }
    }

    /// Returns the time in which this number of tokens is made.
    pub(super) const fn price(&self, tokens: u32) -> u64 {
        self.interval.saturating_mul(tokens as u64)
    }

    /// Returns the time in which an empty limiter fills.
    pub(super) const fn capacity(&self) -> u64 {
        self.price(self.burst)
    }

    /// Returns the number of tokens that are made in this time; at most `burst`.
    pub(super) fn tokens(&self, time: u64) -> u32 {
        u32::try_from(time / self.interval).unwrap_or(u32::MAX).min(self.burst)
    }

    pub(super) const fn max_wait(&self) -> Duration {
        Duration::from_nanos(self.max_wait)
    }
}
