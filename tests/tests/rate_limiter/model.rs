//! Random schedules against the rules: costs, cancellations, pauses and resets of calls.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use proptest::prelude::*;
use resilience::RateLimiter;
use resilience_tests::{ms, with_paused_clock};
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep, timeout};

/// One step of a schedule.
#[derive(Clone, Debug)]
enum Step {
    /// A call of this cost, whose caller goes away after so many milliseconds.
    Call { cost: u32, patience: Option<u64> },
    /// The dependency asks for a pause of so many milliseconds.
    Pause(u64),
    /// Nothing happens for so many milliseconds.
    Idle(u64),
}

/// A call that was made: the number of its arrival, the millisecond, and its cost.
type Made = (usize, u128, u32);

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (1..4_u32, proptest::option::weighted(0.4, 0..400_u64))
            .prop_map(|(cost, patience)| Step::Call { cost, patience }),
        1 => (0..300_u64).prop_map(Step::Pause),
        4 => (0..200_u64).prop_map(Step::Idle),
    ]
}

/// Runs a schedule. Returns the calls that were made, in order, and the pauses.
fn run(limiter: &'static RateLimiter, steps: &[Step]) -> (Vec<Made>, Vec<(u128, u128)>) {
    with_paused_clock(LocalSet::new().run_until(async {
        let start = Instant::now();
        let made = Rc::new(RefCell::new(Vec::new()));
        let (mut calls, mut pauses) = (Vec::new(), Vec::new());
        for (number, step) in steps.iter().enumerate() {
            match *step {
                Step::Call { cost, patience } => {
                    let made = Rc::clone(&made);
                    calls.push(tokio::task::spawn_local(async move {
                        let acquired = async {
                            if limiter.acquire(cost).await.is_ok() {
                                let at = start.elapsed().as_millis();
                                made.borrow_mut().push((number, at, cost));
                            }
                        };
                        match patience {
                            Some(patience) => drop(timeout(ms(patience), acquired).await),
                            None => acquired.await,
                        }
                    }));
                    tokio::task::yield_now().await;
                }
                Step::Pause(length) => {
                    limiter.pause(ms(length));
                    let now = start.elapsed().as_millis();
                    pauses.push((now, now + u128::from(length)));
                }
                Step::Idle(time) => sleep(ms(time)).await,
            }
        }
        for call in calls {
            call.await.expect("no panic");
        }
        assert_eq!(limiter.snapshot().waiting, 0);
        (made.take(), pauses)
    }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_window_has_more_than_the_rate_and_the_burst(
        interval in 1..80_u64,
        burst in 3..7_u32,
        max_wait in prop_oneof![Just(Duration::MAX), (0..500_u64).prop_map(ms)],
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let limiter = RateLimiter::new("model").per(1, ms(interval)).burst(burst);
        let limiter: &'static RateLimiter = Box::leak(Box::new(limiter.max_wait(max_wait)));
        let (made, pauses) = run(limiter, &steps);
        for (index, first) in made.iter().enumerate() {
            let mut cost = 0;
            for last in &made[index..] {
                cost += u128::from(last.2);
                let allowed = (last.1 - first.1) / u128::from(interval) + u128::from(burst);
                prop_assert!(cost <= allowed, "{cost} from {first:?} to {last:?}");
            }
        }
        // Calls that start together after a pause may do so in any order.
        let in_order = |pair: &[Made]| pair[0].0 < pair[1].0 || pair[0].1 == pair[1].1;
        prop_assert!(made.windows(2).all(in_order), "first come, first served: {made:?}");
        for (number, at, _) in &made {
            let is_in = |pause: &&(u128, u128)| {
                // A call that came before the pause at the same millisecond is not in it.
                pause.0 < *at && *at < pause.1
            };
            prop_assert!(pauses.iter().find(is_in).is_none(), "call {number} at {at}: {pauses:?}");
        }
    }

    /// Without cancellations and pauses, each call is made exactly when a bucket of tokens says.
    #[test]
    fn turns_are_those_of_a_bucket_of_tokens(
        interval in 1..80_u64,
        burst in 3..7_u32,
        steps in prop::collection::vec(
            prop_oneof![
                (1..4_u32).prop_map(|cost| (Some(cost), 0)),
                (0..200_u64).prop_map(|time| (None, time)),
            ],
            1..60,
        ),
    ) {
        let limiter = RateLimiter::new("bucket").per(1, ms(interval)).burst(burst);
        let limiter: &'static RateLimiter =
            Box::leak(Box::new(limiter.max_wait(Duration::MAX)));
        let schedule: Vec<_> = steps
            .iter()
            .map(|(cost, time)| match cost {
                Some(cost) => Step::Call { cost: *cost, patience: None },
                None => Step::Idle(*time),
            })
            .collect();
        let (made, _) = run(limiter, &schedule);
        let made: Vec<_> = made.into_iter().map(|(_, at, _)| at).collect();
        // Milliseconds until which all tokens are spent, with a full bucket at first.
        let (interval, capacity) = (i64::try_from(interval).expect("small"), i64::from(burst));
        let (mut now, mut spent) = (0_i64, i64::MIN);
        let mut expected = Vec::new();
        for (cost, time) in &steps {
            match cost {
                Some(cost) => {
                    spent = spent.max(now - capacity * interval) + i64::from(*cost) * interval;
                    expected.push(u128::try_from(spent.max(now)).expect("positive"));
                }
                None => now += i64::try_from(*time).expect("small"),
            }
        }
        prop_assert_eq!(made, expected);
    }
}
