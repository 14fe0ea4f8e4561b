//! Feature `metrics`: the counts of the registry for the program's recorder.

use std::collections::BTreeMap;
use std::time::Duration;

use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use resilience::{Bulkhead, CircuitBreaker, Policy, bulkhead, circuit_breaker, fallback, registry};

use crate::turns::alone;

static PAYMENT: CircuitBreaker = CircuitBreaker::new("card").failure_threshold(1);
static POOL: Bulkhead = Bulkhead::new("pool").max_concurrent(3).max_wait(Duration::ZERO);

#[fallback(value = (), name = "charge")]
#[bulkhead(POOL)]
#[circuit_breaker(PAYMENT)]
async fn charge(fails: bool) -> Result<(), &'static str> {
    if fails { Err("down") } else { Ok(()) }
}

static NEVER_CALLED: Policy = Policy::important("never called");

#[resilience::resilient(NEVER_CALLED, name = "never_called")]
async fn never_called() -> Result<(), resilience::Error> {
    Ok(())
}

/// Returns the values of all metrics, by `name{label=value,…}`.
fn shown(snapshotter: &Snapshotter) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (key, _, description, value) in snapshotter.snapshot().into_vec() {
        let labels: Vec<_> =
            key.key().labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let name = format!("{}{{{}}}", key.key().name(), labels.join(","));
        assert!(description.is_some() || name.contains("transitions"), "{name} is not described");
        let value = match value {
            DebugValue::Counter(count) => count.to_string(),
            DebugValue::Gauge(value) => value.to_string(),
            DebugValue::Histogram(_) => unreachable!("there are none"),
        };
        all.insert(name, value);
    }
    all
}

#[tokio::test]
async fn publish_metrics_publishes_all_that_the_registry_counts() {
    let _alone = alone().await;
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, || registry().publish_metrics());

    let at_start = shown(&snapshotter);
    assert_eq!(at_start["resilience_calls_total{function=charge,outcome=success}"], "0");
    assert_eq!(at_start["resilience_calls_total{function=never_called,outcome=failure}"], "0");
    assert_eq!(at_start["resilience_retries_total{function=never called}"], "0");
    assert_eq!(at_start["resilience_circuit_breaker_state{name=card,state=closed}"], "1");
    assert_eq!(at_start["resilience_circuit_breaker_state{name=never called,state=closed}"], "1");
    assert_eq!(at_start["resilience_bulkhead_max_concurrent{name=pool}"], "3");

    let guard = metrics::set_default_local_recorder(&recorder);
    charge(false).await.expect("it is well");
    charge(true).await.expect("it has a fallback");
    charge(false).await.expect("it has a fallback");
    registry().publish_metrics();
    drop(guard);

    let shown = shown(&snapshotter);
    assert_eq!(shown["resilience_calls_total{function=charge,outcome=success}"], "3");
    assert_eq!(shown["resilience_calls_total{function=charge,outcome=failure}"], "0");
    assert_eq!(shown["resilience_fallbacks_total{function=charge}"], "2");
    assert_eq!(shown["resilience_circuit_breaker_rejections_total{function=charge}"], "1");
    assert_eq!(
        shown["resilience_circuit_breaker_transitions_total{name=card,from=closed,to=open}"],
        "1"
    );
    let states = ["closed", "open", "half_open", "forced_open", "disabled"];
    let one_hot = states.map(|state| {
        shown[&format!("resilience_circuit_breaker_state{{name=card,state={state}}}")].as_str()
    });
    assert_eq!(one_hot, ["0", "1", "0", "0", "0"]);
    assert_eq!(shown["resilience_bulkhead_active{name=pool}"], "0");
}
