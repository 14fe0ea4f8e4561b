//! Moments of tokio's clock as one word, so that they fit in an atomic.

use std::num::NonZeroU64;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::time::Instant;

/// Moment of tokio's clock, in nanoseconds. Never zero, so that `Option<Nanos>` is one word too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Nanos(NonZeroU64);

/// First moment that this process asked for. The virtual clock of another runtime may be earlier.
static ORIGIN: OnceLock<Instant> = OnceLock::new();

/// Number of [`ORIGIN`]: 146 years before it, and 438 years after it, can be represented.
const ORIGIN_NUMBER: u64 = 1 << 62;

impl Nanos {
    /// First moment that can be represented.
    pub(crate) const FIRST: Self = Self(NonZeroU64::MIN);
    /// Last moment that can be represented: no clock reaches it.
    pub(crate) const NEVER: Self = Self(NonZeroU64::MAX);

    pub(crate) fn now() -> Self {
        let now = Instant::now();
        let origin = *ORIGIN.get_or_init(|| now);
        match now.checked_duration_since(origin) {
            Some(later) => Self::at(ORIGIN_NUMBER.saturating_add(nanoseconds(later))),
            None => Self::before_origin(origin.duration_since(now)),
        }
    }

    #[cold]
    const fn before_origin(earlier: Duration) -> Self {
        Self::at(ORIGIN_NUMBER.saturating_sub(nanoseconds(earlier)))
    }

    /// Returns the moment that is `duration` later; at most [`NEVER`](Self::NEVER).
    pub(crate) const fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(nanoseconds(duration)))
    }

    /// Returns the time since `earlier`; zero if `earlier` is in the future.
    pub(crate) const fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.get().saturating_sub(earlier.0.get()))
    }

    /// Returns the moment with this number, which [`get`](Self::get) has returned.
    pub(crate) const fn at(number: u64) -> Self {
        match NonZeroU64::new(number) {
            Some(number) => Self(number),
            None => Self::FIRST,
        }
    }

    pub(crate) const fn get(self) -> u64 {
        self.0.get()
    }
}

/// Returns a duration in nanoseconds; at most 584 years.
pub(crate) const fn nanoseconds(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(1_000_000_000).saturating_add(duration.subsec_nanos() as u64)
}
