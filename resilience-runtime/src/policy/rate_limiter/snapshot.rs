//! A rate limiter at one moment.

use std::time::Duration;

use crate::outcome::Key;

/// A [`RateLimiter`](crate::RateLimiter) at one moment.
///
/// With the feature `serde`, durations are serialized as whole milliseconds, rounded up:
/// `next_free_ms`, `paused_for_ms`.
///
/// ```
/// use resilience::RateLimiter;
/// use std::time::Duration;
///
/// static GITHUB: RateLimiter =
///     RateLimiter::new("github").per(1, Duration::from_secs(60)).burst(3);
///
/// assert!(GITHUB.try_acquire(2).is_ok());
/// let snapshot = GITHUB.snapshot();
/// assert_eq!((snapshot.name, snapshot.tokens, snapshot.burst), ("github", 1, 3));
/// assert_eq!((snapshot.next_free, snapshot.paused_for), (Duration::ZERO, None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct RateLimiterSnapshot {
    /// Name of the limiter.
    pub name: &'static str,
    /// Key, as it is displayed, of an instance of a [`Keyed`](crate::Keyed).
    pub key: Option<Key>,
    /// Number of tokens that are kept.
    pub burst: u32,
    /// Number of tokens now. While the limiter is paused, they can be had when the pause ends.
    pub tokens: u32,
    /// Time that a call of cost 1 would wait, if it came now.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "next_free_ms", serialize_with = "crate::time::milliseconds")
    )]
    pub next_free: Duration,
    /// Number of calls that wait for their turns.
    pub waiting: u32,
    /// Time until the limiter goes on; `None` if it is not paused.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "paused_for_ms", serialize_with = "crate::time::milliseconds")
    )]
    pub paused_for: Option<Duration>,
}
