//! Moments of tokio's clock in one word, so that they fit in an atomic.

use std::num::NonZeroU64;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::time::Instant;

/// A moment of tokio's clock, in nanoseconds. Never zero, so that an `Option` of it is one word
/// too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Nanos(NonZeroU64);

/// The first moment this process asked for. The virtual clock of another runtime may be behind it.
static ORIGIN: OnceLock<Instant> = OnceLock::new();

/// The number of [`ORIGIN`]: 146 years in, and as many to go.
const ORIGIN_NUMBER: u64 = 1 << 62;

impl Nanos {
    /// The first moment there is.
    pub(crate) const FIRST: Self = Self(NonZeroU64::MIN);
    /// Later than any clock will tell.
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

    /// This much later; [`NEVER`](Self::NEVER) if no clock can tell that.
    pub(crate) const fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(nanoseconds(duration)))
    }

    /// How long it has been since `earlier`: zero if that is yet to come.
    pub(crate) const fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.get().saturating_sub(earlier.0.get()))
    }

    /// The moment of this number: what [`get`](Self::get) gave.
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

/// As one word: 584 years at most.
pub(crate) const fn nanoseconds(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(1_000_000_000).saturating_add(duration.subsec_nanos() as u64)
}
