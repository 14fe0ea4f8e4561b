//! Feature `metrics`: keys by state, and the policies of values.

use std::collections::BTreeMap;

use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use resilience::{CircuitBreaker, Error, Keyed, circuit_breaker, registry};

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
