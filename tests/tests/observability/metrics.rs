//! Feature `metrics`: the counts of the registry for the program's recorder.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use resilience::{
    Bulkhead, CircuitBreaker, Keyed, Policy, RateLimiter, bulkhead, circuit_breaker, fallback,
    registry,
};

use crate::turns::alone;

static PAYMENT: CircuitBreaker = CircuitBreaker::new("card").failure_threshold(1);
static POOL: Bulkhead = Bulkhead::new("pool").max_concurrent(3).max_wait(Duration::ZERO);

#[fallback(value = (), name = "shop::charge")]
#[bulkhead(POOL)]
#[circuit_breaker(PAYMENT)]
async fn charge(fails: bool) -> Result<(), &'static str> {
    if fails { Err("down") } else { Ok(()) }
}

static NEVER_CALLED: Policy = Policy::important("never called");

#[resilience::resilient(NEVER_CALLED, name = "shop::never_called")]
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
        assert!(description.is_some(), "{name} is not described");
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
    assert_eq!(at_start["resilience_calls_total{function=shop::charge,outcome=success}"], "0");
    assert_eq!(
        at_start["resilience_calls_total{function=shop::never_called,outcome=failure}"],
        "0"
    );
    assert_eq!(at_start["resilience_retries_total{function=never called}"], "0");
    assert_eq!(at_start["resilience_circuit_breaker_state{name=card,state=closed}"], "1");
    assert_eq!(at_start["resilience_circuit_breaker_state{name=never called,state=closed}"], "1");
    assert_eq!(at_start["resilience_bulkhead_limit{name=pool}"], "3");
    for counter in ["detached", "detached_ended", "detached_panics"] {
        assert_eq!(at_start[&format!("resilience_{counter}_total{{function=shop::charge}}")], "0");
    }
    assert_eq!(at_start["resilience_detached_running{}"], "0");

    let guard = metrics::set_default_local_recorder(&recorder);
    charge(false).await.expect("it is well");
    charge(true).await.expect("it has a fallback");
    charge(false).await.expect("it has a fallback");
    registry().publish_metrics();
    drop(guard);

    let shown = shown(&snapshotter);
    let of_charge = |outcome| {
        shown[&format!("resilience_calls_total{{function=shop::charge,outcome={outcome}}}")]
            .as_str()
    };
    assert_eq!(["success", "fallback", "failure", "rejected"].map(of_charge), ["1", "2", "0", "0"]);
    assert_eq!(["expected", "ignored", "timed_out", "abandoned"].map(of_charge), ["0"; 4]);
    assert_eq!(shown["resilience_fallbacks_total{function=shop::charge}"], "2");
    assert_eq!(shown["resilience_failures_behind_fallbacks_total{function=shop::charge}"], "1");
    assert_eq!(shown["resilience_rejections_total{function=shop::charge,by=circuit_breaker}"], "1");
    assert_eq!(shown["resilience_rejections_total{function=shop::charge,by=bulkhead}"], "0");
    assert_eq!(
        shown["resilience_circuit_breaker_transitions_total{name=card,to=open,reason=failure_threshold}"],
        "1"
    );
    let states = ["closed", "open", "half_open", "forced_open", "disabled"];
    let one_hot = states.map(|state| {
        shown[&format!("resilience_circuit_breaker_state{{name=card,state={state}}}")].as_str()
    });
    assert_eq!(one_hot, ["0", "1", "0", "0", "0"]);
    assert_eq!(shown["resilience_circuit_breaker_probe_due{name=card}"], "0");
    assert_eq!(shown["resilience_bulkhead_active{name=pool}"], "0");
    let series = |shown: &BTreeMap<String, String>| shown.keys().cloned().collect::<Vec<_>>();
    assert_eq!(series(&at_start), series(&shown), "no series appears later");
}

static SUPPLIER: CircuitBreaker =
    CircuitBreaker::new("supplier").failure_threshold(1).open_for(Duration::from_secs(10));
static PER_REGION: Keyed<CircuitBreaker> =
    Keyed::new(CircuitBreaker::new("region").failure_threshold(1)).max_open(0.5);

type Failed = resilience::Failure<&'static str>;

#[circuit_breaker(SUPPLIER, name = "shop::order")]
async fn order() -> Result<(), Failed> {
    Err(Failed::Function("down"))
}

#[circuit_breaker(PER_REGION.get(region), name = "shop::order_in")]
async fn order_in(region: &str) -> Result<(), resilience::Error> {
    assert!(!region.is_empty());
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn every_transition_that_a_breaker_can_make_is_a_series_from_the_start() {
    let _alone = alone().await;
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    registry().publish_metrics();
    let pairs = [
        ("open", "consecutive_failures"),
        ("open", "failure_rate"),
        ("open", "failure_threshold"),
        ("open", "slow_calls"),
        ("open", "probe"),
        ("half_open", "probe"),
        ("closed", "probe"),
        ("closed", "by_hand"),
        ("forced_open", "by_hand"),
        ("disabled", "by_hand"),
    ];
    let transitions = |shown: &BTreeMap<String, String>, name: &str| {
        let count = |(to, reason)| {
            let labels = format!("name={name},to={to},reason={reason}");
            shown[&format!("resilience_circuit_breaker_transitions_total{{{labels}}}")].clone()
        };
        pairs.map(count).join(" ")
    };
    let at_start = shown(&snapshotter);
    assert_eq!(transitions(&at_start, "supplier"), "0 0 0 0 0 0 0 0 0 0");
    assert_eq!(transitions(&at_start, "region"), "0 0 0 0 0 0 0 0 0 0");

    assert_eq!(order().await, Err(Failed::Function("down")));
    order_in("north").await.expect("well");
    PER_REGION.get("north").force_open();
    registry().publish_metrics();
    let after = shown(&snapshotter);
    assert_eq!(transitions(&after, "supplier"), "0 0 1 0 0 0 0 0 0 0");
    assert_eq!(transitions(&after, "region"), "0 0 0 0 0 0 0 0 1 0");
}

#[tokio::test(start_paused = true)]
async fn a_transition_is_counted_by_the_criterion_that_was_met() {
    let _alone = alone().await;
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let breaker = || CircuitBreaker::new("counted by reason").minimum_calls(2);
    let slow = Duration::from_secs(1);
    let breakers = [
        breaker().consecutive_failures(2),
        breaker().failure_rate(0.5),
        breaker().failure_threshold(2),
        breaker().slow_call(slow),
    ];
    let reasons = ["consecutive_failures", "failure_rate", "failure_threshold", "slow_calls"];
    for (breaker, met) in breakers.iter().zip(reasons) {
        for _ in 0..2 {
            let call = breaker.admit().expect("closed");
            tokio::time::advance(slow).await;
            if met == "slow_calls" { call.success() } else { call.failure() }
        }
        let transitions = snapshotter.snapshot().into_vec().into_iter().filter_map(|it| {
            let (key, _, _, value) = it;
            let labels: Vec<_> = key.key().labels().map(metrics::Label::value).collect();
            let DebugValue::Counter(count) = value else { return None };
            (labels[0] == "counted by reason" && count > 0).then(|| labels[1..].join(" "))
        });
        assert_eq!(transitions.collect::<Vec<_>>(), [format!("open {met}")]);
    }
}

#[tokio::test(start_paused = true)]
async fn every_reason_for_which_a_breaker_is_kept_closed_is_a_series_from_the_start() {
    let _alone = alone().await;
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    PER_REGION.reset();
    let kept = || {
        registry().publish_metrics();
        let shown = shown(&snapshotter);
        let all = shown.into_iter().filter(|(name, _)| name.contains("kept_closed_total"));
        all.map(|(name, count)| {
            let labels = name.split_once('{').map_or("", |(_, labels)| labels);
            format!("{labels} {count}")
        })
        .collect::<Vec<_>>()
    };
    let series = |counts: [u8; 4]| {
        let reasons = ["consecutive_failures", "failure_rate", "failure_threshold", "slow_calls"];
        let of_reason = |(reason, count)| format!("name=region,reason={reason}}} {count}");
        reasons.into_iter().zip(counts).map(of_reason).collect::<Vec<_>>()
    };
    assert_eq!(kept(), series([0; 4]), "only of the breakers of which a share may be open");
    for region in ["north", "south", "south"] {
        PER_REGION.get(region).admit().expect("closed").failure();
    }
    assert_eq!(kept(), series([0, 0, 1, 0]));
    PER_REGION.reset();
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_without_traffic_says_that_a_probe_is_due() {
    let _alone = alone().await;
    SUPPLIER.reset();
    assert_eq!(order().await, Err(Failed::Function("down")));
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let is_due = || {
        registry().publish_metrics();
        shown(&snapshotter)["resilience_circuit_breaker_probe_due{name=supplier}"].clone()
    };
    assert_eq!(is_due(), "0");
    tokio::time::advance(Duration::from_secs(10)).await;
    assert_eq!(is_due(), "1");
    SUPPLIER.reset();
    assert_eq!(is_due(), "0");
}

mod twins {
    use resilience::{Bulkhead, bulkhead};

    use super::Failed;

    pub(super) static LEFT: Bulkhead = Bulkhead::new("twin").max_concurrent(2);
    pub(super) static RIGHT: Bulkhead = Bulkhead::new("twin").max_concurrent(6);

    #[bulkhead(LEFT, name = "shop::twin")]
    pub(super) async fn left(answer: Result<(), Failed>) -> Result<(), Failed> {
        answer
    }

    #[bulkhead(RIGHT, name = "shop::twin")]
    pub(super) async fn right(answer: Result<(), Failed>) -> Result<(), Failed> {
        answer
    }
}

#[tokio::test]
async fn what_shares_a_name_adds_up() {
    let _alone = alone().await;
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    for _ in 0..3 {
        twins::left(Ok(())).await.expect("well");
    }
    twins::right(Ok(())).await.expect("well");
    twins::right(Err(Failed::Function("down"))).await.expect_err("down");
    let _permit = twins::LEFT.try_acquire().expect("free");
    metrics::with_local_recorder(&recorder, || registry().publish_metrics());
    let shown = shown(&snapshotter);
    assert_eq!(shown["resilience_calls_total{function=shop::twin,outcome=success}"], "4");
    assert_eq!(shown["resilience_calls_total{function=shop::twin,outcome=failure}"], "1");
    assert_eq!(shown["resilience_bulkhead_limit{name=twin}"], "8");
    assert_eq!(shown["resilience_bulkhead_utilization{name=twin}"], "0.125");
    assert_eq!(twins::RIGHT.snapshot().active, 0);
}

#[tokio::test(start_paused = true)]
async fn a_rate_limiter_shows_its_tokens_the_waiting_calls_and_its_pause() {
    let _alone = alone().await;
    let feed = Arc::new(RateLimiter::new("feed").per_second(1).burst(3));
    registry().register(&feed);
    assert!(feed.try_acquire(1).is_ok());
    feed.pause(Duration::from_secs(60));
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, || registry().publish_metrics());
    let shown = shown(&snapshotter);
    assert_eq!(shown["resilience_rate_limiter_tokens{name=feed}"], "2");
    assert_eq!(shown["resilience_rate_limiter_waiting{name=feed}"], "0");
    assert_eq!(shown["resilience_rate_limiter_paused{name=feed}"], "1");
}
