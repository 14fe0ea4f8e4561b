//! Breakers and bulkheads that belong to a value, listed for as long as they live.

use std::sync::Arc;
use std::time::Duration;

use resilience::declared::ItemKind;
use resilience::{Bulkhead, CircuitBreaker, Error, State, bulkhead, circuit_breaker, registry};

struct Client {
    breaker: Arc<CircuitBreaker>,
    pool: Arc<Bulkhead>,
}

impl Client {
    fn new(name: &'static str) -> Self {
        let client = Self {
            breaker: Arc::new(CircuitBreaker::new(name).consecutive_failures(1)),
            pool: Arc::new(Bulkhead::new(name).max_concurrent(2).max_wait(Duration::ZERO)),
        };
        registry().register(&client.breaker);
        registry().register(&client.pool);
        client
    }

    #[bulkhead(self.pool)]
    #[circuit_breaker(self.breaker)]
    async fn ask(&self, well: bool) -> Result<(), Error> {
        let answer = if well { Ok(()) } else { Err(DOWN) };
        std::future::ready(answer).await
    }
}

const DOWN: Error = Error::TimedOut { function: "ask", limit: Duration::from_secs(1) };

/// The states of the breakers, and the numbers of slots, that health lists under this name.
fn health_of(name: &str) -> (Vec<State>, Vec<u32>) {
    let health = registry().health();
    let breakers = health.circuit_breakers.iter().filter(|breaker| breaker.name == name);
    let bulkheads = health.bulkheads.iter().filter(|bulkhead| bulkhead.name == name);
    (
        breakers.map(|breaker| breaker.state).collect(),
        bulkheads.map(|bulkhead| bulkhead.max_concurrent).collect(),
    )
}

#[tokio::test(start_paused = true)]
async fn policies_of_a_value_are_listed_for_as_long_as_they_live() {
    let client = Client::new("living client");
    client.ask(false).await.expect_err("down");
    assert_eq!(health_of("living client"), (vec![State::Open], vec![2]));
    let breaker = registry().shared_circuit_breaker("living client").expect("it lives");
    assert!(Arc::ptr_eq(&breaker, &client.breaker));
    breaker.reset();
    client.ask(true).await.expect("reset");
    let pool = registry().shared_bulkhead("living client").expect("it lives");
    pool.resize(0);
    client.ask(true).await.expect_err("full");

    drop((client, breaker));
    assert!(registry().shared_circuit_breaker("living client").is_none());
    assert_eq!(health_of("living client"), (vec![], vec![0]), "the pool is held here");
    drop(pool);
    assert_eq!(health_of("living client"), (vec![], vec![]));
}

#[test]
fn a_policy_that_is_registered_twice_is_listed_once() {
    let client = Client::new("eager client");
    registry().register(&client.breaker);
    registry().register(&Arc::clone(&client.breaker));
    assert_eq!(health_of("eager client").0, [State::Closed]);
}

#[test]
fn values_of_one_place_share_a_name_and_those_of_different_places_are_duplicates() {
    let clients = ["pooled client"; 3].map(Client::new);
    assert_eq!(health_of("pooled client").0.len(), 3);
    let duplicate = |kind| {
        let mut all = registry().duplicates().into_iter();
        all.find(|duplicate| duplicate.kind() == kind && duplicate.name() == "pooled client")
    };
    assert!(duplicate(ItemKind::CircuitBreaker).is_none());
    let other = Arc::new(CircuitBreaker::new("pooled client"));
    registry().register(&other);
    let found = duplicate(ItemKind::CircuitBreaker).expect("another place").to_string();
    assert!(found.starts_with("2 circuit breakers have the name `pooled client`"), "{found}");
    assert_eq!(found.matches("shared.rs:").count(), 2, "{found}");
    assert!(duplicate(ItemKind::Bulkhead).is_none());
    drop((clients, other));
    assert!(duplicate(ItemKind::CircuitBreaker).is_none(), "they are gone");
}

#[test]
fn the_report_has_a_row_for_the_values_of_one_place() {
    let clients = ["reported client"; 3].map(Client::new);
    clients[1].breaker.force_open();
    let report = registry().report();
    let table = report.to_string();
    let row = |layer: &str| {
        let mut lines = table.lines().skip_while(|line| {
            !(line.starts_with("(of values)")
                && line.contains(layer)
                && line.contains("reported client"))
        });
        let (row, place) = (lines.next().expect("a row"), lines.next().expect("its place"));
        assert!(place.trim_start().contains("shared.rs:"), "{place}");
        row.to_owned()
    };
    let breakers = row("circuit_breaker");
    assert!(breakers.ends_with("; values now: 2 closed, 1 forced_open"), "{breakers}");
    let bulkheads = row("bulkhead");
    assert!(bulkheads.ends_with("; values now: 3"), "{bulkheads}");
    let chart = report.mermaid().to_string();
    assert!(chart.contains("[\"circuit_breaker reported client<br/>"), "{chart}");
    drop(clients);
    assert!(!registry().report().to_string().contains("reported client"), "they are gone");
}
