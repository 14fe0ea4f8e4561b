//! The key of a keyed policy, wherever the policy is named.

use std::time::Duration;

use resilience::events::{KeyedKind, TransitionReason};
use resilience::health::{HealthStatus, KeyedHealth};
use resilience::{
    Bulkhead, CircuitBreaker, Error, Event, Key, Keyed, State, bulkhead, circuit_breaker, registry,
};
use resilience_tests::{EventLog, SECOND, fail};

/// The kind of each event about the policies of this name, and its key.
fn keys_in_events(of: &'static str) -> EventLog<(&'static str, Option<Key>)> {
    EventLog::of(move |event| match event {
        Event::CircuitBreakerTransition { name, key, to, .. } if *name == of => {
            Some((if *to == State::Open { "opened" } else { "changed" }, key.clone()))
        }
        Event::CircuitBreakerRejected { name, key, .. } if *name == of => {
            Some(("rejected", key.clone()))
        }
        Event::BulkheadRejected { name, key, .. } if *name == of => Some(("full", key.clone())),
        Event::StaleResult { name, key, .. } if *name == of => Some(("stale", key.clone())),
        _ => None,
    })
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_names_its_key_everywhere() {
    static PER_HOST: Keyed<CircuitBreaker> = Keyed::new(
        CircuitBreaker::new("named host").failure_threshold(1).open_for(Duration::from_secs(9)),
    );
    #[circuit_breaker(PER_HOST.get(host))]
    async fn fetch(host: &str, up: bool) -> Result<(), Error> {
        if up { Ok(()) } else { std::future::ready(Err(DOWN)).await }
    }
    const DOWN: Error = Error::TimedOut { function: "fetch", limit: SECOND };

    let events = keys_in_events("named host");
    fetch("up.example", true).await.expect("up");
    let late = PER_HOST.get("down.example");
    let late = late.admit().expect("closed");
    assert_eq!(fetch("down.example", false).await, Err(DOWN));
    let error = fetch("down.example", true).await.expect_err("open");
    late.failure();
    let expected = Error::CircuitOpen {
        name: "named host",
        key: Some(Key::from("down.example")),
        retry_after: Some(9 * SECOND),
        reason: TransitionReason::FailureThreshold,
        last_failure: Some("`fetch` timed out after 1s".into()),
    };
    assert_eq!(error, expected);
    assert_eq!(error.key(), Some("down.example"));
    assert!(error.to_string().contains("`named host` (key `down.example`) is open"), "{error}");
    let of_key = |kind| (kind, Some(Key::from("down.example")));
    assert_eq!(events.take(), ["opened", "rejected", "stale"].map(of_key));
    let open = PER_HOST.get("down.example");
    assert_eq!((open.name(), open.key()), ("named host", Some("down.example")));
    assert_eq!(open.snapshot().key, Some(Key::from("down.example")));
    assert!(format!("{open:?}").contains("down.example"), "{open:?}");
    let mut health = registry().health().circuit_breakers;
    health.retain(|breaker| breaker.name == "named host");
    let health: Vec<_> = health.into_iter().map(|it| (it.key, it.state)).collect();
    let expected = [("down.example", State::Open), ("up.example", State::Closed)];
    assert_eq!(health, expected.map(|(key, state)| (Some(Key::from(key)), state)));
}

#[tokio::test(start_paused = true)]
async fn a_full_bulkhead_names_its_key_everywhere() {
    static PER_TENANT: Keyed<Bulkhead, u64> =
        Keyed::new(Bulkhead::new("named tenant").max_concurrent(1).max_wait(Duration::ZERO));
    #[bulkhead(PER_TENANT.get(&tenant))]
    async fn work(tenant: u64) -> Result<u64, Error> {
        Ok(tenant)
    }
    let events = keys_in_events("named tenant");
    assert_eq!(work(8).await, Ok(8));
    let pool = PER_TENANT.get(&7);
    let _permit = pool.try_acquire();
    let error = work(7).await.expect_err("full");
    let expected = Error::BulkheadFull {
        name: "named tenant",
        key: Some(Key::from("7")),
        active: 1,
        waiting: 0,
    };
    assert_eq!(error, expected);
    assert_eq!(error.key(), Some("7"));
    assert!(error.to_string().contains("`named tenant` (key `7`) is full"), "{error}");
    assert_eq!(pool.acquire().await.err(), Some(expected));
    assert_eq!(events.take(), [("full", Some(Key::from("7"))), ("full", Some(Key::from("7")))]);
    assert_eq!(
        (pool.name(), pool.key(), pool.snapshot().key),
        ("named tenant", Some("7"), Some(Key::from("7")))
    );
    let mut health = registry().health().bulkheads;
    health.retain(|bulkhead| bulkhead.name == "named tenant");
    let health: Vec<_> = health.into_iter().map(|it| (it.key, it.available)).collect();
    assert_eq!(health, [(Some(Key::from("7")), 0), (Some(Key::from("8")), 1)]);
}

#[tokio::test(start_paused = true)]
async fn a_breaker_without_a_place_has_its_key_and_is_in_no_list() {
    static PER_HOST: Keyed<CircuitBreaker> =
        Keyed::new(CircuitBreaker::new("crowded host").failure_threshold(1)).capacity(1);
    #[circuit_breaker(PER_HOST.get(host))]
    async fn crowded_fetch(host: &str) -> Result<usize, Error> {
        Ok(host.len())
    }
    let events = keys_in_events("crowded host");
    let held = PER_HOST.get("a.example");
    let without_place = PER_HOST.get("b.example");
    without_place.admit().expect("it admits all calls").failure();
    assert_eq!(crowded_fetch("b.example").await, Ok(9));
    assert_eq!(events.take(), []);
    assert_eq!(without_place.snapshot().key, Some(Key::from("b.example")));
    assert_eq!(held.snapshot().key, Some(Key::from("a.example")));
    let mut health = registry().health().circuit_breakers;
    health.retain(|breaker| breaker.name == "crowded host");
    let health: Vec<_> = health.into_iter().map(|it| (it.key, it.state)).collect();
    assert_eq!(health, [(Some(Key::from("a.example")), State::Closed)]);
}

#[tokio::test(start_paused = true)]
async fn the_overflow_bulkhead_has_no_key_anywhere() {
    static PER_TENANT: Keyed<Bulkhead> =
        Keyed::new(Bulkhead::new("crowded tenant").max_concurrent(1).max_wait(Duration::ZERO))
            .capacity(1);
    #[bulkhead(PER_TENANT.get(tenant))]
    async fn crowded_work(tenant: &str) -> Result<usize, Error> {
        Ok(tenant.len())
    }
    let events = keys_in_events("crowded tenant");
    let _held = PER_TENANT.get("a");
    let overflow = PER_TENANT.get("b");
    let _permit = overflow.try_acquire();
    let error = crowded_work("c").await.expect_err("shares the full bulkhead");
    let expected = Error::BulkheadFull { name: "crowded tenant", key: None, active: 1, waiting: 0 };
    assert_eq!(error, expected);
    assert_eq!(events.take(), [("full", None)]);
    assert_eq!((overflow.key(), overflow.snapshot().key), (None, None));
    let mut health = registry().health().bulkheads;
    health.retain(|bulkhead| bulkhead.name == "crowded tenant");
    let health: Vec<_> = health.into_iter().map(|it| (it.key, it.available)).collect();
    assert_eq!(health, [(None, 0), (Some(Key::from("a")), 1)]);
    let functions = registry().health().functions;
    let crowded = functions.iter().find(|function| function.path == "registry::keys::crowded_work");
    assert_eq!(crowded.map(|it| it.status), Some(HealthStatus::Degraded));
}

#[tokio::test(start_paused = true)]
async fn the_keys_of_a_keyed_are_found_by_its_name_and_controlled_one_by_one_or_all() {
    static PRICE: Keyed<CircuitBreaker, u16> = Keyed::new(CircuitBreaker::new("price"));
    static PRICE_POOL: Keyed<Bulkhead, u16> = Keyed::new(Bulkhead::new("price"));
    #[bulkhead(PRICE_POOL.get(&shop))]
    #[circuit_breaker(PRICE.get(&shop))]
    async fn price(shop: u16) -> Result<u16, Error> {
        Ok(shop)
    }
    let prices = registry().keyed("price").expect("an attribute names it");
    assert!(prices.is_empty() && prices.circuit_breakers().is_empty());
    for shop in [11, 7, 9] {
        assert_eq!(price(shop).await, Ok(shop));
    }
    assert_eq!((prices.name(), prices.len()), ("price", 6));
    let keys = |breakers: Vec<std::sync::Arc<CircuitBreaker>>| {
        breakers.iter().filter_map(|it| it.key().map(String::from)).collect::<Vec<_>>()
    };
    assert_eq!(keys(prices.circuit_breakers()), ["11", "7", "9"]);
    assert_eq!(prices.bulkheads().len(), 3);

    assert!(prices.force_open("7") && !prices.force_open("8"));
    price(7).await.expect_err("forced open");
    price(9).await.expect("another key");
    assert_eq!((prices.count(State::ForcedOpen), prices.count(State::Closed)), (1, 2));
    let keyed = registry().health().keyed;
    let [breakers, bulkheads] = [KeyedKind::CircuitBreaker, KeyedKind::Bulkhead].map(|kind| {
        let of_kind = |keyed: &&KeyedHealth| keyed.name == "price" && keyed.kind == kind;
        keyed.iter().find(of_kind).expect("listed")
    });
    let states = breakers.states.expect("of breakers");
    assert_eq!((states.closed, states.forced_open, states.open), (2, 1, 0));
    assert_eq!((breakers.keys, breakers.capacity, breakers.is_full), (3, 1024, false));
    assert_eq!((bulkheads.keys, bulkheads.states), (3, None));
    let report = registry().report().to_string();
    assert!(report.contains("keys now: 2 closed, 1 forced_open"), "{report}");
    assert!(prices.reset("7") && !prices.reset("8"));
    price(7).await.expect("reset");

    prices.bulkhead("9").expect("known").resize(0);
    prices.force_open_all();
    assert_eq!(prices.count(State::ForcedOpen), 3);
    let held = prices.circuit_breaker("11").expect("known");
    prices.reset_all();
    assert_eq!((held.state(), prices.len()), (State::Closed, 1));
    assert_eq!(keys(prices.circuit_breakers()), ["11"]);
    price(9).await.expect("reset");
    assert!(registry().keyed("prices").is_none());
    let named = registry().keyed_policies().filter(|keyed| keyed.name() == "price");
    assert_eq!(named.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_share_of_keys_that_may_be_open_is_in_the_health_and_the_report() {
    static QUOTE: Keyed<CircuitBreaker> =
        Keyed::new(CircuitBreaker::new("quote").failure_threshold(1)).max_open(0.4);
    #[circuit_breaker(QUOTE.get(host))]
    async fn quote(host: &str) -> Result<usize, Error> {
        Ok(host.len())
    }
    let may_open = || {
        let keyed = registry().health().keyed;
        keyed.iter().find(|keyed| keyed.name == "quote").expect("listed").may_open
    };
    assert_eq!(may_open(), Some(1), "one key may always be open");
    for host in ["a", "b", "c", "d", "e"] {
        assert_eq!(quote(host).await, Ok(1));
    }
    assert_eq!(may_open(), Some(2));
    for host in ["a", "b", "c"] {
        fail(&QUOTE.get(host)).await;
    }
    let mut health = registry().health().circuit_breakers;
    health.retain(|breaker| breaker.name == "quote");
    let kept: Vec<_> = health.iter().filter(|it| it.kept_closed).map(ToString::to_string).collect();
    assert_eq!(kept, ["quote (key c): closed, kept closed by max_open"]);
    let report = registry().report().to_string();
    let limits = "for 30s; at most 40 % of the keys open at once; keys now: 3 closed, 2 open";
    assert!(report.contains(limits), "{report}");
    assert!(format!("{QUOTE:?}").contains("max_open: 0.4"), "{QUOTE:?}");
}

/// Different keys that are displayed alike.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Tenant {
    name: &'static str,
    region: u8,
}

impl std::fmt::Display for Tenant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

#[tokio::test(start_paused = true)]
async fn keys_that_are_displayed_alike_are_controlled_together() {
    static ALIKE: Keyed<CircuitBreaker, Tenant> = Keyed::new(CircuitBreaker::new("alike"));
    static ALIKE_POOL: Keyed<Bulkhead, Tenant> =
        Keyed::new(Bulkhead::new("alike").max_concurrent(3));

    #[circuit_breaker(ALIKE.get(&tenant))]
    #[bulkhead(ALIKE_POOL.get(&tenant))]
    async fn alike(tenant: Tenant) -> Result<u8, Error> {
        Ok(tenant.region)
    }

    let tenants = [("a", 1), ("a", 2), ("b", 1)].map(|(name, region)| Tenant { name, region });
    for tenant in &tenants {
        assert_eq!(alike(tenant.clone()).await.expect("well"), tenant.region);
    }
    let states = || tenants.each_ref().map(|tenant| ALIKE.get(tenant).state());
    let keyed = registry().keyed("alike").expect("an attribute names it");
    assert!(keyed.force_open("a"));
    assert_eq!(states(), [State::ForcedOpen, State::ForcedOpen, State::Closed]);
    assert!(!keyed.force_open("c") && !keyed.reset("c"), "no such key");
    for tenant in &tenants {
        ALIKE_POOL.get(tenant).resize(1);
    }
    assert!(keyed.reset("a"));
    assert_eq!(states(), [State::Closed; 3]);
    let slots = tenants.each_ref().map(|tenant| ALIKE_POOL.get(tenant).snapshot().max_concurrent);
    assert_eq!(slots, [3, 3, 1]);
}
