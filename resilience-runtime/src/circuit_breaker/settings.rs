//! The limits of a breaker, and the builder that refuses those that can't be right.

use std::time::Duration;

use super::shared::Shared;
use super::{Abandon, CircuitBreaker};

#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) failure_threshold: u32,
    pub(super) window: Duration,
    pub(super) open_for: Duration,
    pub(super) half_open_probes: u32,
    pub(super) success_threshold: u32,
    pub(super) probe_timeout: Option<Duration>,
    pub(super) on_abandon: Abandon,
}

impl Settings {
    pub(super) const DEFAULT: Self = Self {
        failure_threshold: 5,
        window: Duration::from_secs(60),
        open_for: Duration::from_secs(30),
        half_open_probes: 1,
        success_threshold: 3,
        probe_timeout: None,
        on_abandon: Abandon::Ignore,
    };

    pub(super) fn probe_timeout(&self) -> Duration {
        self.probe_timeout.unwrap_or(self.open_for)
    }
}

/// # Declaring one
///
/// All of these are `const`: in a `static`, a value that can't be right is a compile error.
impl CircuitBreaker {
    /// A closed breaker with the defaults: opens at 5 failures within 60 s, stays open for 30 s, then lets 1
    /// call at a time through and closes after 3 successes.
    ///
    /// # Panics
    ///
    /// If the name is empty.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        assert!(
            !name.is_empty(),
            "a circuit breaker's name must not be empty: errors and events call it by its name"
        );
        Self { name, settings: Settings::DEFAULT, shared: Shared::new() }
    }

    /// How many failures within [`window`](Self::window) open the breaker. Default 5, at least 1.
    ///
    /// # Panics
    ///
    /// If `failures` is 0.
    #[must_use]
    pub const fn failure_threshold(mut self, failures: u32) -> Self {
        assert!(
            failures > 0,
            "failure_threshold must be at least 1: with 0 the breaker would open before any failure"
        );
        self.settings.failure_threshold = failures;
        self
    }

    /// How long a failure counts. Default 60 s. The window slides: a failure this old or older is forgotten.
    ///
    /// # Panics
    ///
    /// If `window` is zero.
    #[must_use]
    pub const fn window(mut self, window: Duration) -> Self {
        assert!(!window.is_zero(), "window must be longer than zero: within no time no failure could count");
        self.settings.window = window;
        self
    }

    /// How long the breaker stays open before a call may probe. Default 30 s.
    ///
    /// # Panics
    ///
    /// If `spell` is zero.
    #[must_use]
    pub const fn open_for(mut self, spell: Duration) -> Self {
        assert!(
            !spell.is_zero(),
            "open_for must be longer than zero: else the breaker would never turn a call away"
        );
        self.settings.open_for = spell;
        self
    }

    /// How many calls may probe at once while half-open. Default 1, at least 1.
    ///
    /// # Panics
    ///
    /// If `calls` is 0.
    #[must_use]
    pub const fn half_open_probes(mut self, calls: u32) -> Self {
        assert!(calls > 0, "half_open_probes must be at least 1: with 0 the breaker could never close again");
        self.settings.half_open_probes = calls;
        self
    }

    /// How many probes must succeed to close the breaker. Default 3, at least 1. One failure opens it again.
    ///
    /// # Panics
    ///
    /// If `probes` is 0.
    #[must_use]
    pub const fn success_threshold(mut self, probes: u32) -> Self {
        assert!(probes > 0, "success_threshold must be at least 1: with 0 no probe would be needed to close");
        self.settings.success_threshold = probes;
        self
    }

    /// How long a probe may take before its place is given to another; its own result is stale then.
    /// Default: as long as [`open_for`](Self::open_for).
    ///
    /// # Panics
    ///
    /// If `limit` is zero.
    #[must_use]
    pub const fn probe_timeout(mut self, limit: Duration) -> Self {
        assert!(!limit.is_zero(), "probe_timeout must be longer than zero: no probe could ever count");
        self.settings.probe_timeout = Some(limit);
        self
    }

    /// What a call counts as that is dropped because its caller went away. Default: [`Abandon::Ignore`].
    #[must_use]
    pub const fn on_abandon(mut self, abandon: Abandon) -> Self {
        self.settings.on_abandon = abandon;
        self
    }
}
