//! Feature `metrics`: keys by state, and the policies of values.

use std::collections::BTreeMap;
use std::sync::Arc;

use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use resilience::{Bulkhead, CircuitBreaker, Error, Keyed, circuit_breaker, registry};

use crate::turns::alone;

static PRICE: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("published price"));

#[circuit_breaker(PRICE.get(host))]
async fn price(host: &str) -> Result<usize, Error> {
    Ok(host.len())
}

/// Returns the gauges of this name, by the values of their labels.
fn published(gauge: &str) -> BTreeMap<Vec<String>, String> {
    let recorder = DebuggingRecorder::new();
    metrics::with_local_recorder(&recorder, || registry().publish_metrics());
    let all = recorder.snapshotter().snapshot().into_vec().into_iter();
    let of_name = all.filter(|(key, ..)| key.key().name() == gauge);
    let gauges = of_name.filter_map(|(key, _, _, value)| {
        let labels = key.key().labels().map(|label| label.value().to_owned()).collect();
        match value {
            DebugValue::Gauge(value) => Some((labels, value.to_string())),
            _ => None,
        }
    });
    gauges.collect()
}

#[tokio::test]
async fn the_keys_of_a_breaker_are_counted_by_state_and_are_no_labels() {
    let _alone = alone().await;
    let keys = |state: &str| {
        let labels = ["published price", state].map(String::from);
        published("resilience_circuit_breaker_keys")[&labels.to_vec()].clone()
    };
    let states = ["closed", "open", "half_open", "forced_open", "disabled"];
    assert_eq!(states.map(keys), ["0"; 5], "all series exist from the start");
    for host in ["a.example", "b.example", "c.example"] {
        assert_eq!(price(host).await, Ok(9));
    }
    assert!(registry().keyed("published price").expect("listed").force_open("b.example"));
    assert_eq!(states.map(keys), ["2", "0", "0", "1", "0"]);
    let gauges = published("resilience_circuit_breaker_keys");
    assert!(gauges.keys().flatten().all(|label| !label.ends_with(".example")), "{gauges:?}");
    registry().keyed("published price").expect("listed").reset_all();
}

#[tokio::test]
async fn the_figures_of_a_value_that_is_gone_are_zero() {
    let _alone = alone().await;
    let breaker = Arc::new(CircuitBreaker::new("ledger of a client"));
    let pool = Arc::new(Bulkhead::new("ledger of a client").max_concurrent(3));
    registry().register(&breaker);
    registry().register(&pool);
    breaker.force_open();
    let state = |state: &str| {
        let labels = ["ledger of a client", state].map(String::from);
        published("resilience_circuit_breaker_state").get(&labels[..]).cloned()
    };
    let of_pool = |gauge: &str| {
        let labels = vec![String::from("ledger of a client")];
        published(&format!("resilience_bulkhead_{gauge}")).get(&labels).cloned()
    };
    let permit = pool.try_acquire().expect("free");
    assert_eq!(state("forced_open").as_deref(), Some("1"));
    assert_eq!(["active", "limit"].map(of_pool), ["1", "3"].map(|it| Some(it.into())));
    drop(permit);
    drop((breaker, pool));
    assert_eq!(state("forced_open").as_deref(), Some("0"));
    let gauges = ["active", "waiting", "limit", "utilization"];
    assert_eq!(gauges.map(of_pool), [(); 4].map(|()| Some("0".into())));
}
