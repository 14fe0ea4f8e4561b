//! The delays between attempts. Pure: the randomness is handed in.

use std::time::Duration;

use rand::{Rng, RngExt};

use super::Limits;

/// How the delay grows from attempt to attempt.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub enum BackoffKind {
    /// `base_delay` every time.
    Constant,
    /// `base_delay · n` after attempt `n`.
    Linear,
    /// `base_delay · factorⁿ⁻¹` after attempt `n`.
    #[default]
    Exponential,
    /// What this function gives for attempt `n` (the first call is 1), as it is: neither cut nor made random, unless `max_delay` or a
    /// jitter says so.
    Custom(fn(u32) -> Duration),
}

/// How a delay `d` is made random, so that clients that failed together don't come back together. After
/// Marc Brooker, *Exponential Backoff And Jitter*, AWS Architecture Blog, 2015.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Jitter {
    /// Exactly `d`.
    None,
    /// Uniform between 0 and `d`: the best spread, and the default.
    #[default]
    Full,
    /// `d/2`, and uniform between 0 and `d/2` on top.
    Equal,
    /// `min(max_delay, uniform between base_delay and 3 · the delay before)`: grows by itself, whatever the
    /// backoff.
    Decorrelated,
}

impl Limits {
    /// The delay after attempt `attempt` (the first call is 1), when the one before was `previous`.
    pub(super) fn delay(&self, attempt: u32, previous: Option<Duration>, rng: &mut impl Rng) -> Duration {
        let max = self.max_delay();
        let base = self.base_delay().min(max);
        let grown = match self.backoff {
            BackoffKind::Custom(delay) => return self.own_delay(delay(attempt), rng),
            BackoffKind::Constant => base,
            BackoffKind::Linear => base.saturating_mul(attempt),
            // Nothing grows from nothing, not even by a factor beyond all numbers.
            BackoffKind::Exponential if base.is_zero() => base,
            BackoffKind::Exponential => {
                // Beyond what a duration can hold is beyond `max` too.
                let seconds = base.as_secs_f64() * self.factor.powf(f64::from(attempt.saturating_sub(1)));
                Duration::try_from_secs_f64(seconds).unwrap_or(max)
            }
        };
        match self.jitter.unwrap_or_default() {
            Jitter::Decorrelated => {
                let high = previous.unwrap_or(base).saturating_mul(3).max(base);
                uniform(rng, base, high).min(max)
            }
            jitter => jitter.of(grown.min(max), rng),
        }
    }

    /// The delay that a function of the user's gave: neither cut nor made random, unless that was asked for.
    pub(super) fn own_delay(&self, delay: Duration, rng: &mut impl Rng) -> Duration {
        let delay = self.max_delay.map_or(delay, |max| delay.min(max));
        self.jitter.unwrap_or(Jitter::None).of(delay, rng)
    }
}

impl Jitter {
    /// What becomes of the delay `d`.
    fn of(self, d: Duration, rng: &mut impl Rng) -> Duration {
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

fn uniform(rng: &mut impl Rng, low: Duration, high: Duration) -> Duration {
    rng.random_range(low..=high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RetryPolicy;
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    const BASE: Duration = Duration::from_millis(100);
    const MAX: Duration = Duration::from_secs(2);

    fn policy(backoff: BackoffKind, jitter: Jitter) -> RetryPolicy {
        RetryPolicy::new("subject").base_delay(BASE).max_delay(MAX).backoff(backoff).jitter(jitter)
    }

    fn delays(policy: &RetryPolicy, count: u32) -> Vec<u128> {
        let mut rng = StdRng::seed_from_u64(7);
        (1..=count).map(|attempt| policy.limits.get().delay(attempt, None, &mut rng).as_millis()).collect()
    }

    #[test]
    fn backoff_follows_its_formula_up_to_max_delay() {
        let of = |kind| delays(&policy(kind, Jitter::None), 7);
        assert_eq!(of(BackoffKind::Constant), [100; 7]);
        assert_eq!(of(BackoffKind::Linear), [100, 200, 300, 400, 500, 600, 700]);
        assert_eq!(of(BackoffKind::Exponential), [100, 200, 400, 800, 1600, 2000, 2000]);
    }

    #[test]
    fn a_backoff_of_the_users_own_is_taken_as_it_is() {
        let own = |attempt| Duration::from_secs(100) * attempt;
        let policy = RetryPolicy::new("own").backoff(BackoffKind::Custom(own));
        assert_eq!(delays(&policy, 3), [100_000, 200_000, 300_000]);
        assert_eq!(delays(&policy.max_delay(MAX), 3), [2000; 3]);
    }

    #[test]
    fn a_backoff_of_the_users_own_is_made_random_if_asked_for() {
        let four = |_| Duration::from_millis(400);
        let policy = RetryPolicy::new("own").backoff(BackoffKind::Custom(four)).jitter(Jitter::Full);
        let mut rng = StdRng::seed_from_u64(7);
        let draws: Vec<f64> =
            (0..10_000).map(|_| policy.limits.get().delay(3, None, &mut rng).as_secs_f64() / 0.4).collect();
        assert_uniform(&draws, 0.0, 1.0);
    }

    #[test]
    fn a_base_delay_beyond_the_default_max_delay_raises_it() {
        let policy = RetryPolicy::new("subject").base_delay(Duration::from_secs(120)).jitter(Jitter::None);
        assert_eq!(delays(&policy, 2), [120_000, 120_000]);
    }

    /// The delays of 10 000 draws after attempt 3, where `d` is 400 ms, as shares of `d`.
    fn draws(jitter: Jitter, previous: Option<Duration>) -> Vec<f64> {
        let policy = policy(BackoffKind::Exponential, jitter);
        let mut rng = StdRng::seed_from_u64(7);
        (0..10_000).map(|_| policy.limits.get().delay(3, previous, &mut rng).as_secs_f64() / 0.4).collect()
    }

    fn assert_uniform(draws: &[f64], low: f64, high: f64) {
        assert!(draws.iter().all(|&draw| (low..=high).contains(&draw)));
        let mut tenths = [0_u32; 10];
        for draw in draws {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 9")]
            let tenth = ((draw - low) / (high - low) * 10.0).min(9.0) as usize;
            tenths[tenth] += 1;
        }
        let expected = 1000.0;
        let chi_squared: f64 = tenths.iter().map(|&n| (f64::from(n) - expected).powi(2) / expected).sum();
        let mean = draws.iter().sum::<f64>() / 10_000.0;
        let deviation = (high - low) / 12_f64.sqrt() / 100.0;
        assert!((mean - f64::midpoint(low, high)).abs() < 3.3 * deviation, "mean {mean}");
        // 27.88 is exceeded once in a thousand fair draws (9 degrees of freedom); the seed is fixed.
        assert!(chi_squared < 27.88, "not uniform: {tenths:?}");
    }

    #[test]
    fn full_jitter_is_uniform_from_zero() {
        assert_uniform(&draws(Jitter::Full, None), 0.0, 1.0);
    }

    #[test]
    fn equal_jitter_is_uniform_in_the_upper_half() {
        assert_uniform(&draws(Jitter::Equal, None), 0.5, 1.0);
    }

    #[test]
    fn decorrelated_jitter_is_uniform_up_to_three_times_the_delay_before() {
        let before = Duration::from_millis(400);
        assert_uniform(&draws(Jitter::Decorrelated, Some(before)), 0.25, 3.0);
    }

    #[test]
    fn decorrelated_jitter_never_exceeds_max_delay() {
        let policy = policy(BackoffKind::Exponential, Jitter::Decorrelated);
        let mut rng = StdRng::seed_from_u64(7);
        let mut previous = None;
        for attempt in 1..1000 {
            let delay = policy.limits.get().delay(attempt, previous, &mut rng);
            assert!((BASE..=MAX).contains(&delay));
            previous = Some(delay);
        }
    }

    proptest! {
        #[test]
        fn no_input_panics_or_exceeds_max_delay(
            attempt: u32,
            base in prop_oneof![Just(Duration::ZERO), any::<Duration>()],
            max: Duration,
            previous: Option<Duration>,
            factor in 1.0..f64::MAX,
            kind in 0_usize..3,
            jitter in 0_usize..4,
        ) {
            let kind = [BackoffKind::Constant, BackoffKind::Linear, BackoffKind::Exponential][kind];
            let jitter = [Jitter::None, Jitter::Full, Jitter::Equal, Jitter::Decorrelated][jitter];
            let policy = RetryPolicy::new("subject").backoff(kind).jitter(jitter).factor(factor)
                .with_durations(Some(base), Some(max), None);
            let delay = policy.limits.get().delay(attempt, previous, &mut StdRng::seed_from_u64(7));
            prop_assert!(delay <= max);
            if base.is_zero() && jitter == Jitter::None {
                prop_assert_eq!(delay, Duration::ZERO);
            }
        }
    }
}
