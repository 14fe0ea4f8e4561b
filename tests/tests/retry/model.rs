//! The attempts of a call, compared with a model: their number, their times and the result.

use std::cell::Cell;
use std::time::Duration;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use resilience::{Class, Classify, retry, with_deadline};
use resilience_tests::{ms, with_paused_clock};
use tokio::time::{Instant, sleep};

/// An error with the number of its attempt and its class.
#[derive(Clone, Copy, Debug, PartialEq, Classify)]
#[classify(with = Self::class)]
struct Failed {
    attempt: usize,
    class: Class,
}

impl Failed {
    const fn class(&self) -> Class {
        self.class
    }
}

/// Duration of an attempt, and the class of its error, if it fails.
type Attempt = (Duration, Option<Class>);

#[derive(Clone, Debug)]
struct Scenario {
    base_delay: Duration,
    max_delay: Duration,
    max_elapsed: Option<Duration>,
    max_retry_after: Duration,
    deadline: Option<Duration>,
    /// Always as many as any function makes.
    attempts: Vec<Attempt>,
}

impl Scenario {
    async fn attempt(&self, made: &Cell<usize>) -> Result<usize, Failed> {
        let (lasts, class) = self.attempts[made.get()];
        made.set(made.get() + 1);
        sleep(lasts).await;
        let attempt = made.get();
        class.map_or(Ok(attempt), |class| Err(Failed { attempt, class }))
    }

    fn max_elapsed(&self) -> Duration {
        self.max_elapsed.unwrap_or(Duration::MAX)
    }
}

/// Defines a function for a kind of backoff, with its own number of attempts.
// Each run of rustfmt would indent the arguments further.
#[rustfmt::skip]
macro_rules! function {
    ($name:ident, $attempts:literal, $backoff:ident) => {
        #[retry(
            max_attempts = $attempts,
            backoff = $backoff,
            base_delay = of.base_delay,
            max_delay = of.max_delay,
            max_elapsed = of.max_elapsed(),
            max_retry_after = of.max_retry_after,
            jitter = none
        )]
        async fn $name(of: &Scenario, made: &Cell<usize>) -> Result<usize, Failed> {
            of.attempt(made).await
        }
    };
}

function!(constant, 2, constant);
function!(linear, 5, linear);
function!(exponential, 7, exponential);

#[derive(Clone, Copy, Debug)]
enum Function {
    Constant,
    Linear,
    Exponential,
}

impl Function {
    const fn max_attempts(self) -> usize {
        match self {
            Self::Constant => 2,
            Self::Linear => 5,
            Self::Exponential => 7,
        }
    }

    fn delay(self, base: Duration, attempt: u32) -> Duration {
        match self {
            Self::Constant => base,
            Self::Linear => base * attempt,
            Self::Exponential => base * 2_u32.pow(attempt - 1),
        }
    }

    async fn call(self, scenario: &Scenario, made: &Cell<usize>) -> Result<usize, Failed> {
        match self {
            Self::Constant => constant(scenario, made).await,
            Self::Linear => linear(scenario, made).await,
            Self::Exponential => exponential(scenario, made).await,
        }
    }
}

/// Returns the result that the caller must receive, and when.
fn expected(function: Function, scenario: &Scenario) -> (Result<usize, Failed>, Duration) {
    let mut now = Duration::ZERO;
    let mut attempt = 0;
    for &(lasts, class) in &scenario.attempts {
        attempt += 1;
        now += lasts;
        let Some(class) = class else { return (Ok(attempt), now) };
        let failed = (Err(Failed { attempt, class }), now);
        let hint = match class {
            Class::Transient => Duration::ZERO,
            Class::RetryAfter(hint) => hint,
            _ => return failed,
        };
        let number = u32::try_from(attempt).expect("at most seven");
        let own = function.delay(scenario.base_delay, number).min(scenario.max_delay);
        let ends = now + hint + own;
        let is_too_late = scenario.deadline.is_some_and(|deadline| ends >= deadline);
        let is_hint_too_long = hint > scenario.max_retry_after;
        if attempt == function.max_attempts()
            || ends > scenario.max_elapsed()
            || is_too_late
            || is_hint_too_long
        {
            return failed;
        }
        // The timer rounds up to the next millisecond.
        now = ms(u64::try_from(ends.as_micros().div_ceil(1000)).expect("soon"));
    }
    unreachable!("there are more attempts than any function makes")
}

fn class() -> impl Strategy<Value = Class> {
    prop_oneof![
        6 => Just(Class::Transient),
        3 => delay().prop_map(Class::RetryAfter),
        1 => Just(Class::Permanent),
        1 => Just(Class::Ignored),
    ]
}

/// Multiples of 10 ms, so that sums of them meet the limits exactly; also zero, and parts of a
/// millisecond.
fn delay() -> impl Strategy<Value = Duration> {
    prop_oneof![
        1 => Just(Duration::ZERO),
        3 => (1..20_u64).prop_map(|tens| ms(10 * tens)),
        1 => (0..200_000_u64).prop_map(Duration::from_micros),
    ]
}

fn limit() -> impl Strategy<Value = Option<Duration>> {
    option::of(prop_oneof![(1..50_u64).prop_map(|tens| ms(10 * tens)), (1..500_u64).prop_map(ms)])
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let attempt = ((0..5_u64).prop_map(|tens| ms(10 * tens)), option::weighted(0.9, class()));
    (delay(), delay(), limit(), delay(), limit(), vec(attempt, 7)).prop_map(
        |(one, other, max_elapsed, max_retry_after, deadline, attempts)| Scenario {
            base_delay: one.min(other),
            max_delay: one.max(other),
            max_elapsed,
            max_retry_after,
            deadline,
            attempts,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_retry_agrees_with_its_model_for_every_outcome_of_the_attempts(
        function in prop_oneof![
            Just(Function::Constant),
            Just(Function::Linear),
            Just(Function::Exponential),
        ],
        scenario in scenario(),
    ) {
        let (result, elapsed, made) = with_paused_clock(async {
            let (start, made) = (Instant::now(), Cell::new(0));
            let deadline = scenario.deadline.map(|deadline| start + deadline);
            let result = with_deadline(deadline, function.call(&scenario, &made)).await;
            (result, start.elapsed(), made.get())
        });
        let of_attempt = match result {
            Ok(attempt) | Err(Failed { attempt, .. }) => attempt,
        };
        prop_assert_eq!((result, elapsed), expected(function, &scenario));
        prop_assert_eq!(made, of_attempt, "the result is that of the last attempt");
    }
}
