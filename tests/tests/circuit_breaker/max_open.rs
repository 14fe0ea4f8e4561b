//! The share of the keys that may be open at once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use resilience::events::{ErrorText, TransitionReason};
use resilience::{CircuitBreaker, Event, Keyed, State};
use resilience_tests::{EventLog, SECOND, fail, ms, succeed, with_paused_clock};
use tokio::time::advance;

type Hosts = Keyed<CircuitBreaker, u32>;

const OPEN_FOR: Duration = Duration::from_secs(10);

/// Breakers that open at the second failure in a row, and close at the first successful probe.
const fn template(name: &'static str) -> CircuitBreaker {
    CircuitBreaker::new(name).consecutive_failures(2).success_threshold(1).open_for(OPEN_FOR)
}

/// This number of keys, of which this share may be open.
fn hosts(number: u32, max_open: f64) -> Hosts {
    let hosts = Keyed::new(template("crowd")).max_open(max_open);
    for host in 0..number {
        hosts.get(&host);
    }
    hosts
}

/// Lets every key fail as often as would open it.
fn fail_all(hosts: &Hosts, number: u32) {
    for host in 0..number {
        trip(&hosts.get(&host));
    }
}

/// Makes two calls that fail, unless the breaker rejects them.
fn trip(breaker: &CircuitBreaker) {
    for _ in 0..2 {
        if let Ok(admission) = breaker.admit() {
            admission.failure();
        }
    }
}

fn number_of(hosts: &Hosts, is_meant: fn(State) -> bool) -> usize {
    hosts.entries().iter().filter(|(_, breaker)| is_meant(breaker.state())).count()
}

fn open_ones(hosts: &Hosts) -> usize {
    number_of(hosts, |state| state != State::Closed)
}

/// Content of an event about a breaker that is kept closed.
#[derive(Debug, PartialEq)]
struct Kept {
    key: String,
    reason: TransitionReason,
    open: usize,
    keys: usize,
    error: Option<ErrorText>,
}

fn kept_closed(of: &'static str) -> EventLog<Kept> {
    EventLog::of(move |event| match event {
        Event::CircuitBreakerKeptClosed { name, key, reason, open, keys, error, .. }
            if *name == of =>
        {
            Some(Kept {
                key: key.as_deref().unwrap_or_default().to_owned(),
                reason: *reason,
                open: *open,
                keys: *keys,
                error: error.clone(),
            })
        }
        _ => None,
    })
}

#[tokio::test(start_paused = true)]
async fn by_default_every_key_may_be_open() {
    let hosts: Hosts = Keyed::new(template("crowd"));
    fail_all(&hosts, 50);
    assert_eq!(open_ones(&hosts), 50);
}

#[tokio::test(start_paused = true)]
async fn never_more_keys_are_open_than_the_share() {
    for (number, max_open, expected) in
        [(10, 0.3, 3), (10, 0.39, 3), (100, 0.29, 29), (7, 0.5, 3), (10, 1.0, 10), (3, 0.99, 2)]
    {
        let hosts = hosts(number, max_open);
        fail_all(&hosts, number);
        assert_eq!(open_ones(&hosts), expected, "{max_open} of {number}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_key_may_always_be_open() {
    for number in [1, 2, 9] {
        let hosts = hosts(number, 0.1);
        fail_all(&hosts, number);
        assert_eq!(open_ones(&hosts), 1, "of {number}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_is_kept_closed_opens_at_its_next_failure_once_another_has_closed() {
    let hosts = hosts(2, 0.5);
    trip(&hosts.get(&0));
    let kept = hosts.get(&1);
    for failures in 1..6 {
        fail(&kept).await;
        let snapshot = kept.snapshot();
        assert_eq!((snapshot.state, snapshot.consecutive_failures), (State::Closed, failures));
        assert_eq!(snapshot.kept_closed, failures >= 2);
    }
    advance(OPEN_FOR).await;
    succeed(&hosts.get(&0)).await;
    assert_eq!((hosts.get(&0).state(), kept.state()), (State::Closed, State::Closed));
    fail(&kept).await;
    assert_eq!(kept.state(), State::Open);
    assert!(!kept.snapshot().kept_closed);
}

#[tokio::test(start_paused = true)]
async fn a_success_ends_the_run_of_a_breaker_that_is_kept_closed() {
    let hosts = hosts(2, 0.5);
    fail_all(&hosts, 2);
    let kept = hosts.get(&1);
    assert!(kept.snapshot().kept_closed);
    succeed(&kept).await;
    assert!(!kept.snapshot().kept_closed);
    hosts.get(&0).reset();
    fail(&kept).await;
    assert_eq!(kept.state(), State::Closed, "the first failure of a new run");
    fail(&kept).await;
    assert_eq!(kept.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn a_rate_that_has_fallen_keeps_no_breaker_closed() {
    let template = CircuitBreaker::new("crowd").failure_rate(0.5).minimum_calls(4);
    let hosts: Hosts = Keyed::new(template).max_open(0.5);
    for host in [0, 1] {
        hosts.get(&host);
    }
    hosts.get(&0).force_open();
    let kept = hosts.get(&1);
    for _ in 0..4 {
        fail(&kept).await;
    }
    assert!(kept.snapshot().kept_closed);
    for _ in 0..5 {
        succeed(&kept).await;
    }
    let snapshot = kept.snapshot();
    assert_eq!((snapshot.calls, snapshot.failures), (9, 4), "it goes on to count");
    assert!(!snapshot.kept_closed);
}

#[tokio::test(start_paused = true)]
async fn a_half_open_breaker_counts_and_opens_again_without_a_question() {
    let hosts = hosts(2, 0.5);
    trip(&hosts.get(&0));
    advance(OPEN_FOR).await;
    let probed = hosts.get(&0);
    let probe = probed.admit().expect("a probe is due");
    assert_eq!(probed.state(), State::HalfOpen);
    trip(&hosts.get(&1));
    assert_eq!(hosts.get(&1).state(), State::Closed);
    probe.failure();
    assert_eq!(probed.state(), State::Open);
    trip(&hosts.get(&1));
    assert_eq!(hosts.get(&1).state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn forced_open_breakers_count_and_are_never_refused() {
    let hosts = hosts(10, 0.3);
    for host in 0..5 {
        hosts.get(&host).force_open();
    }
    assert_eq!(number_of(&hosts, |state| state == State::ForcedOpen), 5);
    for host in 5..10 {
        trip(&hosts.get(&host));
    }
    assert_eq!(number_of(&hosts, |state| state == State::Open), 0, "half is open already");
    for host in 0..3 {
        hosts.get(&host).disable();
    }
    fail_all(&hosts, 10);
    assert_eq!(number_of(&hosts, |state| state == State::Open), 1, "beside two forced ones");
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_reset_or_removed_makes_room() {
    let hosts = hosts(4, 0.25);
    fail_all(&hosts, 4);
    assert_eq!(hosts.get(&0).state(), State::Open);
    hosts.get(&0).reset();
    fail(&hosts.get(&1)).await;
    assert_eq!(hosts.get(&1).state(), State::Open);
    let removed = hosts.remove(&1).expect("it has a place");
    fail(&hosts.get(&2)).await;
    assert_eq!((removed.state(), hosts.get(&2).state()), (State::Open, State::Open));
    removed.reset();
    trip(&removed);
    assert_eq!(removed.state(), State::Open, "it is no longer one of the keys");
    trip(&hosts.get(&3));
    assert_eq!(hosts.get(&3).state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_comes_counts_and_closes_no_other_when_it_goes() {
    let hosts = hosts(4, 0.5);
    fail_all(&hosts, 4);
    assert_eq!(open_ones(&hosts), 2);
    for host in 4..6 {
        hosts.get(&host);
    }
    fail(&hosts.get(&2)).await;
    assert_eq!(open_ones(&hosts), 3, "of six");
    for host in 3..6 {
        hosts.remove(&host);
    }
    assert_eq!((open_ones(&hosts), hosts.len()), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_evicted_no_longer_counts() {
    let hosts: Hosts = Keyed::new(template("crowd")).capacity(2).max_open(0.5);
    trip(&hosts.get(&0));
    trip(&hosts.get(&1));
    assert_eq!([0, 1].map(|host| hosts.get(&host).state()), [State::Open, State::Closed]);
    succeed(&hosts.get(&1)).await;
    advance(2 * OPEN_FOR).await;
    trip(&hosts.get(&1));
    assert!(hosts.get(&1).snapshot().kept_closed, "an open key that is long due still counts");
    hosts.get(&2);
    assert!(hosts.peek(&0).is_none(), "a probe was due for as long as it was open");
    fail(&hosts.get(&1)).await;
    assert_eq!(hosts.get(&1).state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn a_key_without_a_place_does_not_count() {
    let hosts: Hosts = Keyed::new(template("crowd")).capacity(3).max_open(0.5);
    let held = [0, 1, 2].map(|host| hosts.get(&host));
    for host in 3..20 {
        assert_eq!(hosts.get(&host).state(), State::Disabled);
    }
    for breaker in &held {
        trip(breaker);
    }
    assert_eq!(open_ones(&hosts), 1, "of three, not of twenty");
}

#[tokio::test(start_paused = true)]
async fn a_reset_of_all_keys_forgets_all_counts() {
    let hosts = hosts(4, 0.5);
    fail_all(&hosts, 4);
    let held = hosts.get(&3);
    hosts.reset();
    assert_eq!((hosts.len(), open_ones(&hosts)), (1, 0));
    trip(&held);
    assert_eq!(held.state(), State::Open);
    for host in [4, 5, 6] {
        trip(&hosts.get(&host));
    }
    assert_eq!(open_ones(&hosts), 2, "of four");
}

#[tokio::test(start_paused = true)]
async fn an_event_says_which_limit_was_reached_and_how_many_are_open() {
    let hosts: Hosts = Keyed::new(template("telling")).max_open(0.5);
    let events = kept_closed("telling");
    for host in 0..5 {
        hosts.get(&host);
    }
    for host in 0..3 {
        for _ in 0..if host < 2 { 2 } else { 4 } {
            fail(&hosts.get(&host)).await;
        }
    }
    let expected = Kept {
        key: String::from("2"),
        reason: TransitionReason::ConsecutiveFailures,
        open: 2,
        keys: 5,
        error: Some(ErrorText::from("down")),
    };
    assert_eq!(events.take(), [expected], "once");
}

#[tokio::test(start_paused = true)]
async fn the_event_names_each_criterion() {
    let of_two = || CircuitBreaker::new("named").minimum_calls(2);
    let cases = [
        (of_two().consecutive_failures(2), TransitionReason::ConsecutiveFailures),
        (of_two().failure_rate(0.5), TransitionReason::FailureRate),
        (of_two().failure_threshold(2), TransitionReason::FailureThreshold),
        (of_two().slow_call(ms(5)).slow_call_rate(0.5), TransitionReason::SlowCalls),
    ];
    for (template, reason) in cases {
        let hosts: Hosts = Keyed::new(template).max_open(0.5);
        hosts.get(&0).force_open();
        let kept = hosts.get(&1);
        let events = kept_closed("named");
        for _ in 0..2 {
            let call = kept.admit().expect("closed");
            if reason == TransitionReason::SlowCalls {
                advance(ms(5)).await;
                call.success();
            } else {
                call.failure();
            }
        }
        let reasons: Vec<_> = events.take().iter().map(|kept| (kept.reason, kept.open)).collect();
        assert_eq!(reasons, [(reason, 1)]);
        assert_eq!(kept.state(), State::Closed);
    }
}

#[tokio::test(start_paused = true)]
async fn the_event_comes_again_after_each_open_spell() {
    let hosts: Hosts = Keyed::new(template("repeated")).max_open(0.5);
    hosts.get(&0).force_open();
    let events = kept_closed("repeated");
    let kept = hosts.get(&1);
    // A failure each second, and now and then a success.
    for second in 0..60 {
        if second % 7 == 6 {
            succeed(&kept).await;
        } else {
            fail(&kept).await;
        }
        advance(SECOND).await;
    }
    assert_eq!(events.take().len(), 6, "once in 10 s");
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Fail(u32),
    Succeed(u32),
    Force(u32),
    Disable(u32),
    Reset(u32),
    Remove(u32),
    Pass,
}

fn step() -> impl Strategy<Value = Step> {
    (0..24_u8, 0..6_u32).prop_map(|(number, key)| match number {
        0..12 => Step::Fail(key),
        12..16 => Step::Succeed(key),
        16 => Step::Force(key),
        17 => Step::Disable(key),
        18..20 => Step::Reset(key),
        20 => Step::Remove(key),
        _ => Step::Pass,
    })
}

/// A key as the documentation describes it: its state, and the failures of its run.
#[derive(Clone, Copy)]
struct Key {
    state: State,
    run: u32,
}

/// Returns a key after a call that ends so, by the documentation. A call of an open key is a probe:
/// the test passes an open spell first.
fn after_call(key: Key, fails: bool, may_open: bool) -> Key {
    match (key.state, fails) {
        (State::Closed, true) if key.run >= 1 && may_open => Key { state: State::Open, run: 0 },
        (State::Closed, true) => Key { run: key.run + 1, ..key },
        (State::Closed, false) => Key { run: 0, ..key },
        (State::Open, false) => Key { state: State::Closed, run: 0 },
        _ => key,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_share_agrees_with_a_model_after_every_sequence_of_steps(
        steps in proptest::collection::vec(step(), 1..200),
        percent in 1..=100_u32,
    ) {
        with_paused_clock(async move {
            let hosts: Hosts =
                Keyed::new(template("model")).max_open(f64::from(percent) / 100.0);
            let mut model = BTreeMap::<u32, Key>::new();
            for step in steps {
                let (Step::Fail(host) | Step::Succeed(host) | Step::Force(host)
                    | Step::Disable(host) | Step::Reset(host) | Step::Remove(host)) = step
                else {
                    advance(SECOND).await;
                    continue;
                };
                if let Step::Remove(host) = step {
                    assert_eq!(hosts.remove(&host).is_some(), model.remove(&host).is_some());
                    continue;
                }
                let breaker: Arc<CircuitBreaker> = hosts.get(&host);
                model.entry(host).or_insert(Key { state: State::Closed, run: 0 });
                let is_open = |key: &&Key| matches!(key.state, State::Open | State::ForcedOpen);
                let (open, all) = (model.values().filter(is_open).count(), model.len());
                let may_open = open == 0 || (open + 1) * 100 <= percent as usize * all;
                let key = model.get_mut(&host).expect("it has been inserted");
                let fails = matches!(step, Step::Fail(_));
                match step {
                    Step::Force(_) => {
                        breaker.force_open();
                        *key = Key { state: State::ForcedOpen, run: 0 };
                    }
                    Step::Disable(_) => {
                        breaker.disable();
                        *key = Key { state: State::Disabled, run: 0 };
                    }
                    Step::Reset(_) => {
                        breaker.reset();
                        *key = Key { state: State::Closed, run: 0 };
                    }
                    _ => {
                        if key.state == State::Open {
                            advance(OPEN_FOR).await;
                        }
                        *key = after_call(*key, fails, may_open);
                        if let Ok(admission) = breaker.admit() {
                            if fails { admission.failure() } else { admission.success() }
                        }
                    }
                }
                let states: Vec<_> = model.values().map(|key| key.state).collect();
                let found: Vec<_> = model.keys().map(|host| hosts.get(host).state()).collect();
                assert_eq!(found, states, "after {step:?}, {percent} % of {all}");
            }
        });
    }
}
