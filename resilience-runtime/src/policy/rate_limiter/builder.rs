//! The options of a rate limiter, as it is declared.

use std::time::Duration;

use resilience_options::{Rate, RateLimiterOptions};

use super::pace::Pace;
use super::rate_limiter::RateLimiter;
use super::schedule::Schedule;
use crate::sync::{Reloadable, StickyFlag};

impl RateLimiter {
    /// A rate limiter with the defaults: 10 calls per second, one at a time, up to 5 s of waiting.
    ///
    /// # Panics
    ///
    /// If the name is empty.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        assert!(
            !name.is_empty(),
            "a rate limiter's name must not be empty: errors and events call it by its name"
        );
        let options = RateLimiterOptions::NONE;
        let pace = Pace::of(&options);
        Self {
            name,
            key: None,
            options: Reloadable::new(options),
            schedule: Schedule::new(&pace),
            pace: Reloadable::new(pace),
            called: StickyFlag::new(),
        }
    }

    /// Number of calls per second. Default 10, from 1 to 1 000 000 000.
    ///
    /// # Panics
    ///
    /// If `calls` is not in this range, if [`per`](Self::per) is set too, or if `burst` calls at
    /// this rate need more than ten years; in a `static`, that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn per_second(mut self, calls: u32) -> Self {
        self.options.declared.per_second = Some(calls);
        self.checked()
    }

    /// Number of calls in a period, for rates that are not per second: `per(5_000,
    /// Duration::from_secs(3_600))`. They are spread evenly over the period: that is one call in
    /// 720 ms. [`burst`](Self::burst) allows more of them at once.
    ///
    /// # Panics
    ///
    /// If there are no calls or no time, more calls than nanoseconds, if
    /// [`per_second`](Self::per_second) is set too, or if `burst` calls at this rate need more than
    /// ten years; in a `static`, that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn per(mut self, calls: u32, period: Duration) -> Self {
        self.options.declared.per = Some(Rate { calls, period });
        self.checked()
    }

    /// Number of calls that can be made at once after a time without calls. Default 1, from 1 to
    /// 1 000 000 000. A call may cost as much at most.
    ///
    /// # Panics
    ///
    /// If `calls` is not in this range, or if they need more than ten years at this rate; in a
    /// `static`, that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn burst(mut self, calls: u32) -> Self {
        self.options.declared.burst = Some(calls);
        self.checked()
    }

    /// Longest time that a call waits for its turn; one that would wait longer is rejected at once.
    /// Default 5 s; zero rejects every call that would have to wait.
    #[must_use]
    #[track_caller]
    pub const fn max_wait(mut self, wait: Duration) -> Self {
        self.options.declared.max_wait = Some(wait);
        self.checked()
    }

    /// Set if an error of the class [`RetryAfter`](crate::Class::RetryAfter) pauses the limiter for
    /// all callers. Default `true`.
    #[must_use]
    #[track_caller]
    pub const fn obey_retry_after(mut self, obey: bool) -> Self {
        self.options.declared.obey_retry_after = Some(obey);
        self.checked()
    }

    #[track_caller]
    const fn checked(mut self) -> Self {
        if let Some(refusal) = self.options.declared.first_refusal() {
            panic!("{}", refusal.message)
        }
        self.pace.declared = Pace::of(&self.options.declared);
        self.schedule.declare(&self.pace.declared);
        self
    }
}
