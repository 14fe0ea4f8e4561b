//! The order in which instances of a `Keyed` are evicted, and the keys that find no place.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use resilience::events::KeyedKind;
use resilience::{Bulkhead, CircuitBreaker, Error, Event, Key, Keyed, State, circuit_breaker};
use resilience_tests::{EventLog, SECOND, fail, succeed, with_paused_clock};
use tokio::time::advance;

/// Breakers that open at the second failure, for 10 s.
fn breakers(name: &'static str, capacity: usize) -> Keyed<CircuitBreaker> {
    const OPEN_FOR: Duration = Duration::from_secs(10);
    let template = CircuitBreaker::new(name).failure_threshold(2).open_for(OPEN_FOR);
    Keyed::new(template).capacity(capacity)
}

fn open(breaker: &CircuitBreaker) {
    while breaker.state() == State::Closed {
        breaker.admit().expect("closed").failure();
    }
}

/// The keys that have a place, sorted.
fn keys(keyed: &Keyed<CircuitBreaker>) -> Vec<String> {
    let mut keys: Vec<_> = keyed.entries().into_iter().map(|(key, _)| key).collect();
    keys.sort();
    keys
}

/// The keys of which an event says that they found no place.
fn without_place(of: &'static str) -> EventLog<(KeyedKind, Key, usize)> {
    EventLog::of(move |event| match event {
        Event::KeyedFull { kind, name, key, capacity, .. } if *name == of => {
            Some((*kind, key.clone(), *capacity))
        }
        _ => None,
    })
}

#[test]
fn the_least_recently_used_key_is_evicted() {
    let keyed = breakers("subject", 2);
    let first = Arc::downgrade(&keyed.get("a"));
    keyed.get("b");
    keyed.get("c");
    assert_eq!(keyed.len(), 2);
    assert!(first.upgrade().is_none(), "`a` went");
    keyed.get("b");
    keyed.get("d");
    assert!(keyed.peek("b").is_some(), "`b` was used since");
}

#[tokio::test(start_paused = true)]
async fn instances_that_are_open_or_in_use_are_not_evicted() {
    let keyed = breakers("subject", 3);
    open(&keyed.get("open"));
    keyed.get("forced").force_open();
    let in_use = keyed.get("in_use");
    for host in 0..100 {
        keyed.get(&format!("host {host}"));
        assert_eq!(keyed.len(), 3);
    }
    assert_eq!(keyed.peek("open").map(|breaker| breaker.state()), Some(State::Open));
    assert_eq!(keyed.peek("forced").map(|breaker| breaker.state()), Some(State::ForcedOpen));
    assert!(keyed.peek("in_use").is_some_and(|kept| Arc::ptr_eq(&kept, &in_use)));
}

#[test]
fn a_bulkhead_that_was_resized_is_not_evicted_until_the_resize_is_undone() {
    let keyed: Keyed<Bulkhead, u64> = Keyed::new(Bulkhead::new("subject")).capacity(1);
    keyed.get(&7).resize(0);
    for other in 8..108 {
        assert_eq!(keyed.get(&other).key(), None, "no place");
    }
    assert_eq!(keyed.get(&7).snapshot().max_concurrent, 0, "the resize stays");
    keyed.get(&7).undo_resize();
    assert_eq!(keyed.get(&8).key(), Some("8"));
    assert!(keyed.peek(&7).is_none());
}

#[tokio::test]
async fn the_breaker_of_a_running_call_is_not_evicted() {
    static KEYED: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("subject")).capacity(1);

    #[circuit_breaker(KEYED.get(host))]
    async fn call(host: &str, end: tokio::sync::oneshot::Receiver<()>) -> Result<(), Error> {
        let _ = end.await;
        Ok(())
    }

    let (end, ended) = tokio::sync::oneshot::channel();
    let call = tokio::spawn(call("a", ended));
    tokio::task::yield_now().await;
    KEYED.get("b");
    assert!(KEYED.peek("a").is_some() && KEYED.peek("b").is_none());
    end.send(()).expect("on its way");
    call.await.expect("no panic").expect("well");
    KEYED.get("b");
    assert!(KEYED.peek("a").is_none() && KEYED.peek("b").is_some());
}

#[tokio::test(start_paused = true)]
async fn a_key_that_fails_trips_however_many_made_up_keys_come_between_its_calls() {
    let keyed = breakers("subject", 64);
    let mut reached = 0;
    for call in 0..100 {
        if let Ok(admission) = keyed.get("down.example").admit() {
            admission.failure();
            reached += 1;
        }
        for made_up in 0..70 {
            keyed.get(&format!("made up {call} {made_up}")).admit().expect("closed").success();
        }
    }
    assert_eq!(reached, 2);
}

#[tokio::test(start_paused = true)]
async fn a_breaker_without_failures_goes_before_one_with_failures_even_if_it_was_used_later() {
    let keyed = breakers("subject", 2);
    fail(&keyed.get("failing")).await;
    succeed(&keyed.get("well")).await;
    succeed(&keyed.get("well")).await;
    keyed.get("new");
    assert_eq!(keys(&keyed), ["failing", "new"]);
    advance(61 * SECOND).await;
    keyed.get("new");
    keyed.get("newer");
    assert_eq!(keys(&keyed), ["new", "newer"], "the failure has left the window");
}

#[tokio::test(start_paused = true)]
async fn a_run_of_failures_counts_until_a_success() {
    let keyed: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("subject")).capacity(2);
    fail(&keyed.get("failing")).await;
    advance(3_600 * SECOND).await;
    keyed.get("well");
    keyed.get("new");
    assert_eq!(keys(&keyed), ["failing", "new"]);
    succeed(&keyed.get("failing")).await;
    fail(&keyed.get("new")).await;
    keyed.get("newer");
    assert_eq!(keys(&keyed), ["new", "newer"]);
}

#[tokio::test(start_paused = true)]
async fn the_longest_unused_of_the_breakers_with_failures_goes_if_there_are_no_others() {
    let keyed = breakers("subject", 2);
    for host in ["a", "b"] {
        fail(&keyed.get(host)).await;
    }
    keyed.get("c");
    assert_eq!(keys(&keyed), ["b", "c"]);
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_goes_once_its_probe_has_been_due_for_as_long_as_it_was_open() {
    let keyed = breakers("subject", 1);
    open(&keyed.get("dead"));
    advance(Duration::from_millis(19_999)).await;
    assert_eq!(keyed.get("new").state(), State::Disabled, "no place");
    advance(Duration::from_millis(1)).await;
    assert_eq!(keyed.get("new").state(), State::Closed);
    assert_eq!(keys(&keyed), ["new"]);
}

#[tokio::test(start_paused = true)]
async fn a_half_open_breaker_that_nobody_probes_any_more_goes_too() {
    let keyed = breakers("subject", 1);
    open(&keyed.get("probed"));
    advance(10 * SECOND).await;
    succeed(&keyed.get("probed")).await;
    assert_eq!(keyed.get("probed").state(), State::HalfOpen);
    assert_eq!(keyed.get("new").state(), State::Disabled, "no place");
    advance(10 * SECOND).await;
    assert_eq!(keyed.get("new").state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_that_is_long_due_goes_before_one_with_failures() {
    let keyed = breakers("subject", 3);
    open(&keyed.get("dead"));
    advance(20 * SECOND).await;
    fail(&keyed.get("failing")).await;
    succeed(&keyed.get("well")).await;
    keyed.get("dead");
    keyed.get("new");
    assert_eq!(keys(&keyed), ["dead", "failing", "new"], "first those without failures");
    fail(&keyed.get("new")).await;
    keyed.get("newer");
    assert_eq!(keys(&keyed), ["failing", "new", "newer"]);
}

#[tokio::test(start_paused = true)]
async fn dead_hosts_do_not_keep_a_new_host_out() {
    let keyed = breakers("subject", 64);
    for dead in 0..64 {
        open(&keyed.get(&format!("bad{dead}")));
    }
    advance(20 * SECOND).await;
    for host in ["good.example", "other.example"] {
        succeed(&keyed.get(host)).await;
        assert!(keyed.peek(host).is_some(), "{host} has a breaker of its own");
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_without_a_place_pays_for_no_other() {
    let keyed = breakers("subject", 1);
    open(&keyed.get("bad0"));
    for _ in 0..10 {
        fail(&keyed.get("bad1")).await;
    }
    let good = keyed.get("good.example");
    assert_eq!((good.key(), good.state()), (Some("good.example"), State::Disabled));
    succeed(&good).await;
    good.force_open();
    assert_eq!(keyed.get("good.example").state(), State::Disabled, "each use has its own");
    assert_eq!(keys(&keyed), ["bad0"]);
    keyed.get("bad0").reset();
    assert_eq!(keyed.get("good.example").state(), State::Closed, "it has a place");
}

#[test]
fn bulkheads_without_a_place_share_one() {
    let keyed: Keyed<Bulkhead> = Keyed::new(Bulkhead::new("subject")).capacity(1);
    let held = keyed.get("a");
    let (second, third) = (keyed.get("b"), keyed.get("c"));
    assert!(Arc::ptr_eq(&second, &third) && !Arc::ptr_eq(&second, &held));
    assert_eq!((held.key(), second.key()), (Some("a"), None));
    drop(held);
    assert_eq!(keyed.get("c").key(), Some("c"), "it has a place");
}

/// A reset visits the instances as health, metrics and the report do.
#[test]
fn a_new_key_finds_a_place_while_all_instances_are_visited() {
    static VISITED: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("visited")).capacity(1);
    let came_meanwhile = EventLog::of(|event| match event {
        Event::CircuitBreakerTransition { name: "visited", to: State::Closed, .. } => {
            let new = VISITED.get("new");
            Some((new.state(), VISITED.peek("new").is_some_and(|kept| Arc::ptr_eq(&kept, &new))))
        }
        _ => None,
    });
    VISITED.get("known").force_open();
    VISITED.reset();
    assert_eq!(came_meanwhile.take(), [(State::Closed, true)]);
}

#[tokio::test(start_paused = true)]
async fn a_full_table_is_an_event_once_until_a_key_finds_a_place() {
    let keyed = breakers("crowded", 1);
    let events = without_place("crowded");
    open(&keyed.get("a"));
    for host in ["b", "c", "b"] {
        keyed.get(host);
    }
    let of_breaker = |key: &str| (KeyedKind::CircuitBreaker, Key::from(key), 1);
    assert_eq!(events.take(), [of_breaker("b")]);
    keyed.get("a").reset();
    open(&keyed.get("c"));
    keyed.get("d");
    keyed.get("a");
    assert_eq!(events.take(), [of_breaker("d")]);

    let bulkheads: Keyed<Bulkhead, u8> = Keyed::new(Bulkhead::new("crowded")).capacity(1);
    let _held = [1, 2, 3].map(|tenant| bulkheads.get(&tenant));
    assert_eq!(events.take(), [(KeyedKind::Bulkhead, Key::from("2"), 1)]);
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_larger_than_an_eviction_looks_at_still_has_a_bounded_number_of_keys() {
    let keyed: Keyed<CircuitBreaker, u32> =
        Keyed::new(CircuitBreaker::new("subject").failure_threshold(1)).capacity(3_000);
    for key in 0..3_000 {
        open(&keyed.get(&key));
    }
    keyed.get(&2_500).reset();
    let has_place = |key: u32| keyed.get(&key).state() == State::Closed;
    let found: Vec<_> = (3_000..3_100).filter(|key| has_place(*key)).collect();
    assert_eq!(found, [3_047], "after one look at 1024 entries, and 47 looks at 32 of them");
    assert_eq!(keyed.len(), 3_000);
}

/// Place of a breaker in the order in which they go, as the model knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    WithoutFailures,
    LongDue,
    Failing,
    Stays,
}

fn rank(breaker: &CircuitBreaker, opened: Option<tokio::time::Instant>) -> Rank {
    match breaker.state() {
        State::Closed if breaker.snapshot().failures == 0 => Rank::WithoutFailures,
        State::Closed => Rank::Failing,
        State::Open if opened.is_some_and(|at| at.elapsed() >= 20 * SECOND) => Rank::LongDue,
        _ => Rank::Stays,
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Use(u8),
    Hold(u8),
    Release(u8),
    Fail(u8),
    Open(u8),
    Force(u8),
    Reset(u8),
    Wait(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..8_u8).prop_map(Step::Use),
        1 => (0..8_u8).prop_map(Step::Hold),
        2 => (0..8_u8).prop_map(Step::Release),
        2 => (0..8_u8).prop_map(Step::Fail),
        2 => (0..8_u8).prop_map(Step::Open),
        1 => (0..8_u8).prop_map(Step::Force),
        1 => (0..8_u8).prop_map(Step::Reset),
        1 => (1..40_u8).prop_map(Step::Wait),
    ]
}

proptest! {
    /// The table never has more instances than its capacity. A key keeps an instance that is in use
    /// or needed. For a new key an instance goes that no other could have gone before, and the key
    /// finds no place only if none may go.
    #[test]
    fn what_goes_for_a_new_key_is_what_is_missed_least(
        steps in proptest::collection::vec(step(), 1..200),
        capacity in 1..5_usize,
    ) {
        with_paused_clock(async move {
            let keyed: Keyed<CircuitBreaker, u8> = Keyed::new(
                CircuitBreaker::new("subject").failure_threshold(3).open_for(10 * SECOND),
            )
            .capacity(capacity);
            let mut held: Vec<(u8, Arc<CircuitBreaker>)> = Vec::new();
            let mut opened = HashMap::new();
            for step in steps {
                let (Step::Use(key) | Step::Hold(key) | Step::Fail(key) | Step::Open(key)
                    | Step::Force(key) | Step::Reset(key) | Step::Release(key) | Step::Wait(key))
                    = step;
                match step {
                    Step::Wait(seconds) => {
                        advance(u32::from(seconds) * SECOND).await;
                        continue;
                    }
                    Step::Release(key) => {
                        held.retain(|(other, _)| *other != key);
                        continue;
                    }
                    _ => {}
                }
                let ranks: HashMap<u8, Rank> = keyed
                    .entries()
                    .iter()
                    .map(|(key, breaker)| {
                        let is_held = held.iter().any(|(other, _)| other == key);
                        let rank = rank(breaker, opened.get(key).copied());
                        (*key, if is_held { Rank::Stays } else { rank })
                    })
                    .collect();
                let known = keyed.peek(&key);
                let breaker = keyed.get(&key);
                let kept = keyed.peek(&key).is_some_and(|kept| Arc::ptr_eq(&kept, &breaker));
                let is_full = known.is_none() && ranks.len() == capacity;
                let least = ranks.values().min().copied().unwrap_or(Rank::Stays);
                if let Some(known) = known {
                    assert!(kept && Arc::ptr_eq(&known, &breaker));
                } else if is_full && least == Rank::Stays {
                    assert!(!kept && breaker.state() == State::Disabled, "{key} has no place");
                    continue;
                } else {
                    assert!(kept);
                    let gone: Vec<_> =
                        ranks.iter().filter(|(key, _)| keyed.peek(key).is_none()).collect();
                    assert_eq!(gone.len(), usize::from(is_full));
                    assert!(gone.iter().all(|(_, rank)| **rank == least), "{gone:?} of {ranks:?}");
                    opened.remove(&key);
                }
                assert!(keyed.len() <= capacity);
                match step {
                    Step::Hold(key) => held.push((key, breaker)),
                    Step::Fail(_) if breaker.state() == State::Closed => {
                        breaker.admit().expect("closed").failure();
                    }
                    Step::Open(_) => open(&breaker),
                    Step::Force(_) => breaker.force_open(),
                    Step::Reset(_) => breaker.reset(),
                    _ => {}
                }
                if keyed.get(&key).state() == State::Open {
                    opened.entry(key).or_insert_with(tokio::time::Instant::now);
                } else {
                    opened.remove(&key);
                }
            }
        });
    }
}

/// Memory stays bounded if callers choose the keys.
#[test]
fn a_key_whose_text_is_too_long_finds_no_place() {
    let keyed = breakers("long", 2);
    let (longest, too_long) = ("x".repeat(1024), "x".repeat(1025));
    assert_eq!(keyed.get(&longest).key(), Some(&*longest));
    let without_place = keyed.get(&too_long);
    assert_eq!(without_place.state(), State::Disabled);
    assert!(without_place.key().is_some_and(|key| key.len() <= 1024 && key.ends_with('…')));
    assert_eq!(keys(&keyed), [longest]);
    let pools: Keyed<Bulkhead> = Keyed::new(Bulkhead::new("long")).capacity(2);
    assert!(Arc::ptr_eq(&pools.get(&too_long), &pools.get(&format!("{too_long}y"))), "shared");
}

#[test]
fn keys_are_removed_in_any_order() {
    let keyed = breakers("removed", 8);
    for round in 0..3_usize {
        for host in 0..8 {
            keyed.get(&format!("host {host}"));
        }
        for step in 0..8 {
            let host = format!("host {}", (step * 3 + round) % 8);
            assert_eq!(keyed.remove(&host).and_then(|it| it.key().map(String::from)), Some(host));
            assert_eq!(keyed.len(), 7 - step);
        }
    }
}
