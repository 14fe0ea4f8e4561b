//! The delays between attempts. All functions are pure: the caller passes the source of randomness,
//! which is created only if a jitter needs it.

use std::time::Duration;

use rand::{Rng, RngExt};
use resilience_options::{BackoffKind, Jitter, RetryOptions};

/// Returns the delay after attempt `attempt` (the first call is 1). `previous` is the delay before
/// this attempt.
pub(super) fn after<R: Rng>(
    options: &RetryOptions,
    attempt: u32,
    previous: Option<Duration>,
    rng: impl FnOnce() -> R,
) -> Duration {
    if let BackoffKind::Custom(delay) = options.backoff() {
        return custom(options, delay(attempt), rng);
    }
    match options.jitter() {
        Jitter::Decorrelated => {
            let max = options.max_delay();
            let base = options.base_delay().min(max);
            let high = previous.unwrap_or(base).saturating_mul(3).max(base);
            uniform(rng, base, high).min(max)
        }
        jitter => with_jitter(jitter, options.grown_delay(attempt), rng),
    }
}

/// Returns the delay for a backoff function that returned `delay`. The delay is cut only if
/// `max_delay` is declared, and made random only if a jitter is declared.
pub(super) fn custom<R: Rng>(
    options: &RetryOptions,
    delay: Duration,
    rng: impl FnOnce() -> R,
) -> Duration {
    let delay = options.max_delay.map_or(delay, |max| delay.min(max));
    with_jitter(options.jitter.unwrap_or(Jitter::None), delay, rng)
}

/// Returns the delay `d` with this jitter. Decorrelated jitter depends on the previous delay, and
/// leaves a single delay as it is.
fn with_jitter<R: Rng>(jitter: Jitter, d: Duration, rng: impl FnOnce() -> R) -> Duration {
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
