//! A circuit breaker or a bulkhead for each key.

use std::sync::Arc;
use std::time::Duration;

use resilience::{Bulkhead, CircuitBreaker, Error, Keyed, State, bulkhead, circuit_breaker};

static PER_HOST: Keyed<CircuitBreaker> =
    Keyed::new(CircuitBreaker::new("fetched host").failure_threshold(2)).capacity(3);

#[circuit_breaker(PER_HOST.get(host))]
async fn fetch(host: &str, up: bool) -> Result<(), Error> {
    if up { Ok(()) } else { down().await }
}

#[resilience::timeout(1ms)]
async fn down() -> Result<(), Error> {
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn each_host_has_its_own_breaker() {
    for _ in 0..2 {
        fetch("down.example", false).await.expect_err("down");
    }
    let open = fetch("down.example", true).await.expect_err("open");
    assert!(matches!(open, Error::CircuitOpen { name: "fetched host", .. }), "{open}");
    fetch("up.example", true).await.expect("its own");
    assert_eq!(PER_HOST.get("down.example").state(), State::Open);
    assert_eq!(PER_HOST.peek("up.example").expect("known").state(), State::Closed);
    assert!(PER_HOST.peek("other.example").is_none(), "peeking makes none");
}

#[tokio::test(start_paused = true)]
async fn each_tenant_has_its_own_slots() {
    static PER_TENANT: Keyed<Bulkhead, u64> =
        Keyed::new(Bulkhead::new("working tenant").max_concurrent(1).max_wait(Duration::ZERO));

    #[bulkhead(PER_TENANT.get(&tenant))]
    async fn work(tenant: u64) -> Result<(), Error> {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(())
    }

    let (first, second, other) = tokio::join!(work(1), work(1), work(2));
    first.expect("first");
    assert!(matches!(second, Err(Error::BulkheadFull { name: "working tenant", .. })));
    other.expect("another tenant");
}

async fn open(breaker: &CircuitBreaker) {
    while breaker.state() == State::Closed {
        breaker.call(async || Err::<(), _>(())).await.expect_err("down");
    }
}

fn breakers(capacity: usize) -> Keyed<CircuitBreaker> {
    Keyed::new(CircuitBreaker::new("subject").failure_threshold(1)).capacity(capacity)
}

#[tokio::test]
async fn a_removed_key_gets_a_new_instance() {
    let keyed = breakers(8);
    for host in ["a", "b", "c"] {
        open(&keyed.get(host)).await;
    }
    assert_eq!(keyed.remove("a").map(|removed| removed.state()), Some(State::Open));
    assert!(keyed.remove("a").is_none());
    assert_eq!(keyed.get("a").state(), State::Closed);
    assert_eq!(keyed.get("b").state(), State::Open);
    assert_eq!(keyed.get("c").state(), State::Open);
    let mut entries: Vec<_> = keyed.entries().into_iter().map(|(host, _)| host).collect();
    entries.sort();
    assert_eq!(entries, ["a", "b", "c"]);
}

#[derive(Debug, PartialEq, Eq)]
struct Clash(u32);

impl std::hash::Hash for Clash {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

impl std::fmt::Display for Clash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Clone for Clash {
    fn clone(&self) -> Self {
        assert!(self.0 != u32::MAX, "this key can't be cloned");
        Self(self.0)
    }
}

#[test]
fn keys_with_equal_hashes_have_different_instances() {
    let keyed: Keyed<CircuitBreaker, Clash> =
        Keyed::new(CircuitBreaker::new("subject")).capacity(50);
    let instances: Vec<_> = (0..50).map(|key| keyed.get(&Clash(key))).collect();
    for (key, instance) in (0..).zip(&instances) {
        assert!(Arc::ptr_eq(&keyed.get(&Clash(key)), instance));
    }
    keyed.remove(&Clash(7));
    assert!(keyed.peek(&Clash(7)).is_none() && keyed.peek(&Clash(8)).is_some());
}

#[test]
fn a_key_that_panics_does_not_affect_others() {
    let keyed: Keyed<CircuitBreaker, Clash> =
        Keyed::new(CircuitBreaker::new("subject")).capacity(1);
    let known = keyed.get(&Clash(1));
    drop(keyed.get(&Clash(1)));
    let weak = Arc::downgrade(&known);
    drop(known);
    let panicked =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| keyed.get(&Clash(u32::MAX))));
    panicked.expect_err("the key panics");
    assert!(weak.upgrade().is_some_and(|known| Arc::ptr_eq(&keyed.get(&Clash(1)), &known)));
    assert_eq!(keyed.len(), 1);
}

/// Key whose code uses the `Keyed` that it is a key of.
struct Curious(u32);

static OF_CURIOUS: Keyed<CircuitBreaker, Curious> =
    Keyed::new(CircuitBreaker::new("curious")).capacity(2);

impl PartialEq for Curious {
    fn eq(&self, other: &Self) -> bool {
        OF_CURIOUS.len() <= 2 && self.0 == other.0
    }
}

impl Eq for Curious {}

impl std::hash::Hash for Curious {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Clone for Curious {
    fn clone(&self) -> Self {
        Self(self.0 + u32::from(OF_CURIOUS.len() > 2))
    }
}

impl std::fmt::Display for Curious {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", self.0, OF_CURIOUS.len())
    }
}

impl Drop for Curious {
    fn drop(&mut self) {
        assert!(OF_CURIOUS.len() <= 2);
    }
}

/// A lock that is held while such code runs would never be released.
#[test]
fn the_code_of_a_key_may_use_the_keyed() {
    assert_eq!(OF_CURIOUS.get(&Curious(0)).key(), Some("0 of 0"));
    assert_eq!(OF_CURIOUS.get(&Curious(1)).key(), Some("1 of 1"));
    assert_eq!(OF_CURIOUS.get(&Curious(2)).key(), Some("2 of 2"), "another one is evicted");
    let held = [OF_CURIOUS.get(&Curious(3)), OF_CURIOUS.get(&Curious(4))];
    assert_eq!(OF_CURIOUS.get(&Curious(5)).state(), State::Disabled, "without a place");
    assert!(OF_CURIOUS.peek(&Curious(3)).is_some_and(|known| Arc::ptr_eq(&known, &held[0])));
    assert_eq!(OF_CURIOUS.entries().len(), 2);
    assert!(OF_CURIOUS.remove(&Curious(4)).is_some_and(|known| Arc::ptr_eq(&known, &held[1])));
    assert!(OF_CURIOUS.remove(&Curious(4)).is_none());
    assert_eq!(OF_CURIOUS.len(), 1);
}

/// Threads that use a key at the same time have the same instance of it.
#[test]
fn threads_that_use_one_key_share_its_instance_while_others_are_evicted() {
    let keyed: Keyed<CircuitBreaker, u32> = Keyed::new(CircuitBreaker::new("subject")).capacity(4);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let keyed = &keyed;
            scope.spawn(move || {
                for step in 0..20_000 {
                    let in_use = keyed.get(&(step % 7));
                    if keyed.peek(&(step % 7)).is_some_and(|kept| Arc::ptr_eq(&kept, &in_use)) {
                        assert!(Arc::ptr_eq(&keyed.get(&(step % 7)), &in_use), "thread {thread}");
                    }
                }
            });
        }
    });
    assert_eq!(keyed.len(), 4);
}
