//! The delays between attempts. Pure: the randomness is handed in, and made only where it is
//! wanted.

use std::time::Duration;

use rand::{Rng, RngExt};

use super::backoff::{BackoffKind, Jitter};
use super::options::RetryOptions;

impl RetryOptions {
    /// The delay after attempt `attempt` (the first call is 1), when the one before was `previous`.
    pub(super) fn delay<R: Rng>(
        &self,
        attempt: u32,
        previous: Option<Duration>,
        rng: impl FnOnce() -> R,
    ) -> Duration {
        if let BackoffKind::Custom(delay) = self.backoff {
            return self.own_delay(delay(attempt), rng);
        }
        match self.jitter.unwrap_or_default() {
            Jitter::Decorrelated => {
                let max = self.max_delay();
                let base = self.base_delay().min(max);
                let high = previous.unwrap_or(base).saturating_mul(3).max(base);
                uniform(rng, base, high).min(max)
            }
            jitter => jitter.of(self.grown(attempt), rng),
        }
    }

    /// The least that jitter leaves of the delay after attempt `attempt`: nothing, of what a
    /// function of the user's will give.
    #[cfg(feature = "toml")]
    pub(crate) fn least_delay(&self, attempt: u32) -> Duration {
        match self.jitter.unwrap_or_default() {
            _ if matches!(self.backoff, BackoffKind::Custom(_)) => Duration::ZERO,
            Jitter::None => self.grown(attempt),
            Jitter::Full => Duration::ZERO,
            Jitter::Equal => self.grown(attempt) / 2,
            Jitter::Decorrelated => self.base_delay().min(self.max_delay()),
        }
    }

    /// The delay after attempt `attempt` before jitter, by the kinds that have a formula.
    fn grown(&self, attempt: u32) -> Duration {
        let max = self.max_delay();
        let base = self.base_delay().min(max);
        let grown = match self.backoff {
            BackoffKind::Constant | BackoffKind::Custom(_) => base,
            BackoffKind::Linear => base.saturating_mul(attempt),
            // Nothing grows from nothing, not even by a factor beyond all numbers.
            BackoffKind::Exponential if base.is_zero() => base,
            BackoffKind::Exponential => {
                // Beyond what a duration can hold is beyond `max` too.
                let seconds =
                    base.as_secs_f64() * self.factor().powf(f64::from(attempt.saturating_sub(1)));
                Duration::try_from_secs_f64(seconds).unwrap_or(max)
            }
        };
        grown.min(max)
    }

    /// The delay that a function of the user's gave: neither cut nor made random, unless that was
    /// asked for.
    pub(super) fn own_delay<R: Rng>(&self, delay: Duration, rng: impl FnOnce() -> R) -> Duration {
        let delay = self.max_delay.map_or(delay, |max| delay.min(max));
        self.jitter.unwrap_or(Jitter::None).of(delay, rng)
    }
}

impl Jitter {
    /// What becomes of the delay `d`.
    fn of<R: Rng>(self, d: Duration, rng: impl FnOnce() -> R) -> Duration {
        match self {
            Self::None | Self::Decorrelated => d,
            Self::Full => uniform(rng, Duration::ZERO, d),
            Self::Equal => {
                let half = d / 2;
                half + uniform(rng, Duration::ZERO, half)
            }
        }
    }
}

fn uniform<R: Rng>(rng: impl FnOnce() -> R, low: Duration, high: Duration) -> Duration {
    rng().random_range(low..=high)
}
