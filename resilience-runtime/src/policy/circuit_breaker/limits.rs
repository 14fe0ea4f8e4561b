//! Meaning of a breaker's options for its engine.

use resilience_options::{CircuitBreakerOptions, WindowKind};

use super::word::Successes;
use crate::time::Nanos;

/// Returns `true` if a call that began at `since` and ends now is slow. Without `slow_call` none is.
pub(super) fn is_slow(options: &CircuitBreakerOptions, since: Option<Nanos>, now: Nanos) -> bool {
    matches!((options.slow_call, since), (Some(limit), Some(since)) if now.since(since) >= limit)
}

/// Treatment of the successes of a closed breaker.
pub(super) const fn successes(options: &CircuitBreakerOptions) -> Successes {
    match options.window_kind() {
        _ if !options.counts_successes() => Successes::Traceless,
        // A slow one is more than a success.
        _ if options.slow_call.is_some() => Successes::Vary,
        WindowKind::Calls(_) => Successes::Tallied,
        WindowKind::Time(_) => Successes::TalliedByTime,
    }
}

/// Returns `true` if counts that were made under these options keep their meaning under the others.
#[cfg(feature = "toml")]
pub(super) fn count_alike(one: &CircuitBreakerOptions, other: &CircuitBreakerOptions) -> bool {
    let by_time = |it: &CircuitBreakerOptions| matches!(it.window_kind(), WindowKind::Time(_));
    by_time(one) == by_time(other) && one.counts_successes() == other.counts_successes()
}
