//! The delays between attempts. Pure: the randomness is handed in, and made only where it is
//! wanted.

use std::time::Duration;

use rand::{Rng, RngExt};
use resilience_options::{BackoffKind, Jitter, RetryOptions};

/// Delay after attempt `attempt` (the first call is 1), if the delay before it was `previous`.
pub(super) fn after<R: Rng>(
    options: &RetryOptions,
    attempt: u32,
    previous: Option<Duration>,
    rng: impl FnOnce() -> R,
) -> Duration {
    if let BackoffKind::Custom(delay) = options.backoff() {
        return given(options, delay(attempt), rng);
    }
    match options.jitter() {
        Jitter::Decorrelated => {
            let max = options.max_delay();
            let base = options.base_delay().min(max);
            let high = previous.unwrap_or(base).saturating_mul(3).max(base);
            uniform(rng, base, high).min(max)
        }
        jitter => made_random(jitter, options.grown_delay(attempt), rng),
    }
}

/// Delay that a backoff function gave: neither cut nor made random, unless the options say so.
pub(super) fn given<R: Rng>(
    options: &RetryOptions,
    delay: Duration,
    rng: impl FnOnce() -> R,
) -> Duration {
    let delay = options.max_delay.map_or(delay, |max| delay.min(max));
    made_random(options.jitter.unwrap_or(Jitter::None), delay, rng)
}

/// The delay `d` with this jitter. Decorrelated jitter grows from delay to delay, and changes nothing
/// about one.
fn made_random<R: Rng>(jitter: Jitter, d: Duration, rng: impl FnOnce() -> R) -> Duration {
    match jitter {
        Jitter::Full => uniform(rng, Duration::ZERO, d),
        Jitter::Equal => {
            let half = d / 2;
            half + uniform(rng, Duration::ZERO, half)
        }
        _ => d,
    }
}

fn uniform<R: Rng>(rng: impl FnOnce() -> R, low: Duration, high: Duration) -> Duration {
    rng().random_range(low..=high)
}
