//! Checks of the jitters against their formulas: every draw is within the bounds, the mean is
//! right, and the distribution passes the Kolmogorov-Smirnov test. The seed is fixed. The formulas
//! are a second implementation, after *Exponential Backoff And Jitter*.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use resilience_options::{BackoffKind, Jitter, RetryOptions};

use super::super::delay::after;

const DRAWS: usize = 10_000;

/// Distance from the formula that fair draws exceed once in a thousand tests:
/// √(−ln(0.0005) / 2) / √n.
const CRITICAL: f64 = 0.019_495;

/// Uniform distribution from `low` to `high` in milliseconds, whose values above `max` are cut to
/// `max`.
#[derive(Clone, Copy)]
struct Formula {
    low: f64,
    high: f64,
    max: f64,
}

impl Formula {
    fn uniform(low: f64, high: f64) -> Self {
        Self { low, high, max: high }
    }

    /// Returns the share of draws of `value` or less, for values below `max`.
    fn share(self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }

    /// Returns the share of draws that are cut.
    fn cut(self) -> f64 {
        1.0 - self.share(self.max)
    }

    fn mean(self) -> f64 {
        let below = self.share(self.max) * f64::midpoint(self.low, self.max);
        below + self.cut() * self.max
    }

    /// Checks that the draws follow this formula. The error is the reason why they do not.
    fn check(self, draws: &[f64]) -> Result<(), String> {
        let n = count(draws.len());
        if let Some(draw) = draws.iter().find(|&&draw| !(self.low..=self.max).contains(&draw)) {
            return Err(format!("{draw} is out of bounds"));
        }
        let mean = draws.iter().sum::<f64>() / n;
        // The cut distribution has at most the deviation of a uniform one over the same interval.
        let deviation = (self.max - self.low) / 12_f64.sqrt() / n.sqrt();
        if (mean - self.mean()).abs() > 3.3 * deviation {
            return Err(format!("a mean of {mean} instead of {}", self.mean()));
        }
        let cut = count(draws.iter().filter(|&&draw| draw >= self.max).count()) / n;
        let deviation = (self.cut() * (1.0 - self.cut()) / n).sqrt();
        if (cut - self.cut()).abs() > 3.3 * deviation {
            return Err(format!("{cut} of the draws are cut instead of {}", self.cut()));
        }
        let distance = self.distance(draws);
        if distance > CRITICAL { Err(format!("off by {distance}")) } else { Ok(()) }
    }

    /// Returns the greatest difference between the formula and the draws in the share below a
    /// value.
    fn distance(self, draws: &[f64]) -> f64 {
        let mut below: Vec<f64> = draws.iter().copied().filter(|&draw| draw < self.max).collect();
        below.sort_by(f64::total_cmp);
        let n = count(draws.len());
        let differences = below.iter().enumerate().map(|(nth, &draw)| {
            let expected = self.share(draw);
            (expected - count(nth) / n).max(count(nth + 1) / n - expected)
        });
        differences.fold(0.0, f64::max)
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most the number of draws")]
fn count(draws: usize) -> f64 {
    draws as f64
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn in_ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// Options with a base of 100 ms, a factor of 2 and at most 2 s: after attempt 3, `d` is 400 ms.
fn options(jitter: Jitter) -> RetryOptions {
    RetryOptions {
        base_delay: Some(ms(100)),
        max_delay: Some(ms(2000)),
        jitter: Some(jitter),
        ..RetryOptions::NONE
    }
}

/// Delays after attempt 3, in milliseconds.
fn draws(options: &RetryOptions, previous: Option<Duration>) -> Vec<f64> {
    let mut rng = StdRng::seed_from_u64(7);
    (0..DRAWS).map(|_| in_ms(after(options, 3, previous, || &mut rng))).collect()
}

/// Draws of a wrong sampler, which a check must detect.
fn wrong(sampler: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut rng = StdRng::seed_from_u64(7);
    (0..DRAWS).map(|_| sampler(rng.random())).collect()
}

#[test]
fn full_jitter_is_uniform_from_zero() {
    let formula = Formula::uniform(0.0, 400.0);
    assert_eq!(formula.check(&draws(&options(Jitter::Full), None)), Ok(()));
}

#[test]
fn equal_jitter_is_uniform_in_the_upper_half() {
    let formula = Formula::uniform(200.0, 400.0);
    assert_eq!(formula.check(&draws(&options(Jitter::Equal), None)), Ok(()));
}

#[test]
fn decorrelated_jitter_is_uniform_up_to_three_times_the_delay_before() {
    let formula = Formula::uniform(100.0, 1200.0);
    assert_eq!(formula.check(&draws(&options(Jitter::Decorrelated), Some(ms(400)))), Ok(()));
}

#[test]
fn decorrelated_jitter_starts_from_the_base_delay() {
    let formula = Formula::uniform(100.0, 300.0);
    assert_eq!(formula.check(&draws(&options(Jitter::Decorrelated), None)), Ok(()));
}

#[test]
fn decorrelated_jitter_is_cut_to_max_delay() {
    let formula = Formula { low: 100.0, high: 5100.0, max: 2000.0 };
    let draws = draws(&options(Jitter::Decorrelated), Some(ms(1700)));
    assert_eq!(formula.check(&draws), Ok(()));
    assert!((formula.cut() - 0.62).abs() < 1e-9, "more than half of it");
}

#[test]
fn each_decorrelated_delay_is_drawn_by_the_one_before() {
    let options = RetryOptions { max_delay: Some(Duration::MAX), ..options(Jitter::Decorrelated) };
    let mut rng = StdRng::seed_from_u64(7);
    let mut previous = None;
    let shares = (0..DRAWS).map(|nth| {
        // Chains of ten, so that no delay is longer than 100 ms · 3¹⁰.
        let before = previous.filter(|_| nth % 10 != 0);
        let delay = after(&options, 3, before, || &mut rng);
        previous = Some(delay);
        Formula::uniform(100.0, 3.0 * before.map_or(100.0, in_ms)).share(in_ms(delay))
    });
    let shares: Vec<f64> = shares.collect();
    assert_eq!(Formula::uniform(0.0, 1.0).check(&shares), Ok(()));
}

#[test]
fn the_delay_of_a_backoff_function_gets_the_same_jitter() {
    let custom =
        RetryOptions { backoff: Some(BackoffKind::Custom(|_| ms(400))), ..options(Jitter::Full) };
    assert_eq!(Formula::uniform(0.0, 400.0).check(&draws(&custom, None)), Ok(()));
}

/// Checks the checks with mistakes that an implementation could contain.
#[test]
fn draws_of_another_distribution_are_detected() {
    let full = Formula::uniform(0.0, 400.0);
    let decorrelated = Formula { low: 100.0, high: 5100.0, max: 2000.0 };
    let wrong: [(&str, Formula, Vec<f64>); 8] = [
        ("up to twice as long", full, wrong(|u| 800.0 * u)),
        ("equal instead of full", full, wrong(|u| 200.0 + 200.0 * u)),
        ("squared", full, wrong(|u| 400.0 * u * u)),
        (
            "more often in the middle, with the same mean",
            full,
            wrong(|u| 200.0 + 400.0 * (u - 0.5) * (u - 0.5).abs() * 2.0),
        ),
        ("never in the lowest twentieth", full, wrong(|u| 20.0 + 380.0 * u)),
        ("in steps of 20 ms", full, wrong(|u| (u * 20.0).round() * 20.0)),
        ("from zero instead of the base", decorrelated, wrong(|u| (5100.0 * u).min(2000.0))),
        ("spread below max_delay instead of cut", decorrelated, wrong(|u| 100.0 + 1900.0 * u)),
    ];
    for (mistake, formula, draws) in wrong {
        assert!(formula.check(&draws).is_err(), "{mistake}");
    }
}
