//! Health of a rate limiter.

use std::time::Duration;

use crate::outcome::Key;
use crate::policy::rate_limiter::RateLimiterSnapshot;

/// State of a rate limiter.
///
/// ```
/// for limiter in resilience::registry().health().rate_limiters {
///     println!("{}: {} of {}", limiter.name, limiter.tokens, limiter.burst);
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct RateLimiterHealth {
    /// The limiter's name.
    pub name: &'static str,
    /// Key, as it is displayed, of an instance of a [`Keyed`](crate::Keyed). `None` also for the
    /// overflow limiter, which all keys share that found no place.
    pub key: Option<Key>,
    /// Number of tokens that are kept.
    pub burst: u32,
    /// Number of tokens now.
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

impl RateLimiterHealth {
    pub(super) fn of(snapshot: RateLimiterSnapshot) -> Self {
        Self {
            name: snapshot.name,
            key: snapshot.key,
            burst: snapshot.burst,
            tokens: snapshot.tokens,
            next_free: snapshot.next_free,
            waiting: snapshot.waiting,
            paused_for: snapshot.paused_for,
        }
    }
}
