//! Checks of the delays against their formulas and bounds.

use std::time::Duration;

use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;
use resilience_options::{BackoffKind, Jitter, RetryOptions};

use super::super::delay::after;
use crate::policy::retry::RetryPolicy;

const BASE: Duration = Duration::from_millis(100);
const MAX: Duration = Duration::from_secs(2);

fn policy(backoff: BackoffKind, jitter: Jitter) -> RetryPolicy {
    RetryPolicy::new("subject").base_delay(BASE).max_delay(MAX).backoff(backoff).jitter(jitter)
}

fn delays(policy: &RetryPolicy, count: u32) -> Vec<u128> {
    let mut rng = StdRng::seed_from_u64(7);
    (1..=count)
        .map(|attempt| after(&policy.options.get(), attempt, None, || &mut rng).as_millis())
        .collect()
}

#[test]
fn backoff_follows_its_formula_up_to_max_delay() {
    let delays_of = |kind| delays(&policy(kind, Jitter::None), 7);
    assert_eq!(delays_of(BackoffKind::Constant), [100; 7]);
    assert_eq!(delays_of(BackoffKind::Linear), [100, 200, 300, 400, 500, 600, 700]);
    assert_eq!(delays_of(BackoffKind::Exponential), [100, 200, 400, 800, 1600, 2000, 2000]);
}

#[test]
fn the_delay_of_a_backoff_function_is_only_cut_to_a_declared_max_delay() {
    let custom = |attempt| Duration::from_secs(100) * attempt;
    let policy = RetryPolicy::new("subject").backoff(BackoffKind::Custom(custom));
    assert_eq!(delays(&policy, 3), [100_000, 200_000, 300_000]);
    assert_eq!(delays(&policy.max_delay(MAX), 3), [2000; 3]);
}

#[test]
fn a_base_delay_beyond_the_default_max_delay_raises_max_delay() {
    let policy =
        RetryPolicy::new("subject").base_delay(Duration::from_secs(120)).jitter(Jitter::None);
    assert_eq!(delays(&policy, 2), [120_000, 120_000]);
}

/// Durations at the limits of arithmetic, and ordinary ones.
fn any_duration() -> impl Strategy<Value = Duration> {
    prop_oneof![
        Just(Duration::ZERO),
        Just(Duration::from_nanos(1)),
        Just(MAX),
        Just(Duration::from_secs(u64::MAX)),
        Just(Duration::MAX),
        any::<Duration>(),
    ]
}

fn any_attempt() -> impl Strategy<Value = u32> {
    prop_oneof![1..5_u32, Just(u32::MAX), any::<u32>()]
}

fn any_factor() -> impl Strategy<Value = f64> {
    prop_oneof![Just(1.0), Just(1.0 + f64::EPSILON), 1.0..10.0, 1.0..f64::MAX, Just(f64::MAX)]
}

fn any_backoff() -> impl Strategy<Value = BackoffKind> {
    prop_oneof![
        Just(BackoffKind::Constant),
        Just(BackoffKind::Linear),
        Just(BackoffKind::Exponential),
        Just(BackoffKind::Custom(|_| Duration::MAX)),
        Just(BackoffKind::Custom(|attempt| Duration::new(attempt.into(), attempt % 1000))),
    ]
}

const JITTERS: [Jitter; 4] = [Jitter::None, Jitter::Full, Jitter::Equal, Jitter::Decorrelated];

proptest! {
    #[test]
    fn no_input_panics_or_exceeds_max_delay(
        attempt in any_attempt(),
        base in any_duration(),
        max in any_duration(),
        previous in proptest::option::of(any_duration()),
        factor in any_factor(),
        backoff in any_backoff(),
        jitter in 0..JITTERS.len(),
        seed: u64,
    ) {
        let jitter = JITTERS[jitter];
        let options = RetryOptions {
            backoff: Some(backoff),
            base_delay: Some(base),
            max_delay: Some(max),
            factor: Some(factor),
            jitter: Some(jitter),
            ..RetryOptions::NONE
        };
        let delay = after(&options, attempt, previous, || StdRng::seed_from_u64(seed));
        prop_assert!(delay <= max);
        let exact = RetryOptions { jitter: Some(Jitter::None), ..options };
        let grown = after(&exact, attempt, previous, || StdRng::seed_from_u64(seed));
        let is_custom = matches!(backoff, BackoffKind::Custom(_));
        match jitter {
            Jitter::None => prop_assert_eq!(delay, grown),
            Jitter::Full => prop_assert!(delay <= grown),
            Jitter::Equal => prop_assert!(grown / 2 <= delay && delay <= grown),
            Jitter::Decorrelated if is_custom => prop_assert_eq!(delay, grown),
            _ => prop_assert!(base.min(max) <= delay),
        }
    }

    #[test]
    fn without_jitter_the_delays_never_shrink(
        attempt in any_attempt(),
        base in any_duration(),
        max in any_duration(),
        factor in any_factor(),
        kind in 0..3_usize,
    ) {
        let backoff = [BackoffKind::Constant, BackoffKind::Linear, BackoffKind::Exponential][kind];
        let options = RetryOptions {
            backoff: Some(backoff),
            base_delay: Some(base),
            max_delay: Some(max),
            factor: Some(factor),
            jitter: Some(Jitter::None),
            ..RetryOptions::NONE
        };
        let mut rng = StdRng::seed_from_u64(7);
        let [this, next] = [attempt, attempt.saturating_add(1)]
                .map(|attempt| after(&options, attempt, None, || &mut rng));
        prop_assert!(this <= next, "{:?} after attempt {}, then {:?}", this, attempt, next);
    }
}
