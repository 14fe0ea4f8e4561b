//! The shortest delays that a retry can make, if its attribute says enough about them.

use std::time::Duration;

use syn::{Expr, ExprLit, Lit};

use crate::model::{Backoff, BackoffKind, InlineRetry, Jitter};

pub(super) struct Delays {
    growth: Growth,
    base: Duration,
    max: Duration,
    least: Least,
}

#[derive(Clone, Copy)]
enum Growth {
    Constant,
    Linear,
    Exponential(f64),
}

/// The part of a delay that jitter always keeps.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Least {
    /// There is no jitter.
    All,
    Half,
    /// Decorrelated jitter starts from the base delay each time.
    Base,
}

impl Delays {
    /// `None` if nothing is known: the delays begin at zero, or only the call knows them.
    pub(super) fn of(inline: &InlineRetry) -> Option<Self> {
        let least = match inline.jitter {
            Some(Jitter::None) => Least::All,
            Some(Jitter::Equal) => Least::Half,
            Some(Jitter::Decorrelated) => Least::Base,
            Some(Jitter::Full) | None => return None,
        };
        let growth = match &inline.backoff {
            Some(Backoff::Own(_)) => return None,
            Some(Backoff::Kind(BackoffKind::Constant, _)) => Growth::Constant,
            Some(Backoff::Kind(BackoffKind::Linear, _)) => Growth::Linear,
            Some(Backoff::Kind(BackoffKind::Exponential, _)) | None => {
                Growth::Exponential(factor(inline.factor.as_ref()))
            }
        };
        let base = match &inline.base_delay {
            Some(written) => written.known()?,
            None => Duration::from_secs(1),
        };
        let max = match &inline.max_delay {
            Some(written) => written.known()?,
            None => Duration::from_secs(60).max(base),
        };
        Some(Self { growth, base, max, least })
    }

    /// The shortest delay after attempt `attempt`; the first call is 1.
    pub(super) fn after(&self, attempt: u32) -> Duration {
        let grown = match self.growth {
            Growth::Constant => self.base,
            Growth::Linear => self.base.saturating_mul(attempt),
            Growth::Exponential(factor) => {
                let steps = f64::from(attempt.saturating_sub(1));
                let seconds = self.base.as_secs_f64() * factor.powf(steps);
                Duration::try_from_secs_f64(seconds).unwrap_or(self.max)
            }
        };
        match self.least {
            Least::All => grown.min(self.max),
            Least::Half => grown.min(self.max) / 2,
            Least::Base => self.base.min(self.max),
        }
    }

    /// The first of `attempts` attempts that can't begin within `limit`, and the sum of the delays
    /// before it.
    pub(super) fn exceed(&self, limit: Duration, attempts: u32) -> Option<(u32, Duration)> {
        // Bounds the time of the search.
        const MAX_ATTEMPTS: u32 = 10_000;
        let mut spent = Duration::ZERO;
        for attempt in 2..=attempts.min(MAX_ATTEMPTS) {
            spent = spent.saturating_add(self.after(attempt - 1));
            if spent >= limit {
                return Some((attempt, spent));
            }
        }
        None
    }

    /// A sum of delays, as text.
    pub(super) fn describe(&self, sum: Duration) -> String {
        match self.least {
            Least::All => format!("{sum:?}"),
            Least::Half | Least::Base => format!("at least {sum:?}"),
        }
    }
}

/// The factor as written, or the default. A constant is at least 1.
fn factor(written: Option<&Expr>) -> f64 {
    match written {
        None => 2.0,
        Some(Expr::Lit(ExprLit { lit: Lit::Float(float), .. })) => {
            float.base10_parse().unwrap_or(1.0)
        }
        Some(_) => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn delays(growth: Growth, least: Least) -> Delays {
        Delays { growth, base: SECOND, max: 4 * SECOND, least }
    }

    fn first_five(growth: Growth, least: Least) -> [u64; 5] {
        [1, 2, 3, 4, 5].map(|attempt| {
            delays(growth, least).after(attempt).as_millis().try_into().expect("seconds")
        })
    }

    #[test]
    fn delays_grow_as_those_of_the_runtime_do() {
        assert_eq!(first_five(Growth::Constant, Least::All), [1000; 5]);
        assert_eq!(first_five(Growth::Linear, Least::All), [1000, 2000, 3000, 4000, 4000]);
        assert_eq!(
            first_five(Growth::Exponential(2.0), Least::All),
            [1000, 2000, 4000, 4000, 4000]
        );
        assert_eq!(
            first_five(Growth::Exponential(f64::MAX), Least::All),
            [1000, 4000, 4000, 4000, 4000]
        );
    }

    #[test]
    fn jitter_leaves_half_or_the_base() {
        assert_eq!(first_five(Growth::Linear, Least::Half), [500, 1000, 1500, 2000, 2000]);
        assert_eq!(first_five(Growth::Linear, Least::Base), [1000; 5]);
    }

    #[test]
    fn an_attempt_that_would_begin_when_time_is_up_never_does() {
        let delays = delays(Growth::Exponential(2.0), Least::All);
        assert_eq!(delays.exceed(3 * SECOND, 9), Some((3, 3 * SECOND)));
        assert_eq!(delays.exceed(3 * SECOND, 2), None);
        assert_eq!(delays.exceed(8 * SECOND, u32::MAX), Some((5, 11 * SECOND)));
    }

    #[test]
    fn no_number_of_attempts_takes_long_to_think_about() {
        let delays = Delays { base: Duration::ZERO, ..delays(Growth::Constant, Least::All) };
        assert_eq!(delays.exceed(SECOND, u32::MAX), None);
    }
}
