//! What the facade `metrics` is given: the names and what they mean. One word a thing, as in events and configuration.

use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};

use crate::bulkhead::Bulkhead;
use crate::circuit_breaker::{CircuitBreaker, State};
use crate::event::Event;
use crate::function::Stats;

/// Tells the recorder what each name stands for.
pub(crate) fn describe() {
    let counters = [
        ("resilience_calls_total", "Calls that have ended, by function and outcome"),
        ("resilience_retries_total", "Attempts after the first one, by function"),
        (
            "resilience_nested_retries_total",
            "Attempts that failed inside another retry's, by function",
        ),
        ("resilience_timeouts_total", "Limits that passed, by function"),
        (
            "resilience_breaker_rejections_total",
            "Calls turned away by an open breaker, by function",
        ),
        (
            "resilience_bulkhead_rejections_total",
            "Calls turned away by a full bulkhead, by function",
        ),
        ("resilience_fallbacks_total", "Fallbacks that were asked, by function"),
        (
            "resilience_breaker_transitions_total",
            "Changes of a breaker's state, by breaker, from and to",
        ),
        (
            "resilience_breaker_stale_results_total",
            "Results that came too late to count, by breaker",
        ),
    ];
    for (name, meaning) in counters {
        describe_counter!(name, Unit::Count, meaning);
    }
    let gauges = [
        ("resilience_breaker_state", "1 for the state the breaker is in, 0 for the others"),
        ("resilience_bulkhead_active", "Calls inside the bulkhead"),
        ("resilience_bulkhead_waiting", "Calls waiting for the bulkhead"),
        ("resilience_bulkhead_max_concurrent", "Calls the bulkhead lets inside at once"),
    ];
    for (name, meaning) in gauges {
        describe_gauge!(name, Unit::Count, meaning);
    }
}

pub(crate) fn function(function: &'static str, stats: &Stats) {
    let outcomes =
        [("success", stats.successes), ("failure", stats.failures), ("abandoned", stats.abandoned)];
    for (outcome, calls) in outcomes {
        counter!("resilience_calls_total", "function" => function, "outcome" => outcome)
            .absolute(calls);
    }
    let others = [
        ("resilience_retries_total", stats.retries),
        ("resilience_nested_retries_total", stats.nested_retries),
        ("resilience_timeouts_total", stats.timeouts),
        ("resilience_breaker_rejections_total", stats.breaker_rejections),
        ("resilience_bulkhead_rejections_total", stats.bulkhead_rejections),
        ("resilience_fallbacks_total", stats.fallbacks),
    ];
    for (name, count) in others {
        counter!(name, "function" => function).absolute(count);
    }
}

pub(crate) fn circuit_breaker(breaker: &'static CircuitBreaker) {
    let (name, snapshot) = (breaker.name(), breaker.snapshot());
    for (state, label) in STATES {
        let here = if snapshot.state == state { 1.0 } else { 0.0 };
        gauge!("resilience_breaker_state", "breaker" => name, "state" => label).set(here);
    }
    counter!("resilience_breaker_stale_results_total", "breaker" => name).absolute(snapshot.stale);
}

pub(crate) fn bulkhead(bulkhead: &'static Bulkhead) {
    let (name, snapshot) = (bulkhead.name(), bulkhead.snapshot());
    gauge!("resilience_bulkhead_active", "bulkhead" => name).set(snapshot.active);
    gauge!("resilience_bulkhead_waiting", "bulkhead" => name).set(snapshot.waiting);
    gauge!("resilience_bulkhead_max_concurrent", "bulkhead" => name).set(snapshot.max_concurrent);
}

/// What can't be read off afterwards: between two looks a breaker may have opened and closed again.
pub(crate) fn tell(event: &Event) {
    if let Event::BreakerTransition { name, from, to } = *event {
        let labels = [("breaker", name), ("from", label(from)), ("to", label(to))];
        counter!("resilience_breaker_transitions_total", &labels).increment(1);
    }
}

const STATES: [(State, &str); 5] = [
    (State::Closed, "closed"),
    (State::Open, "open"),
    (State::HalfOpen, "half_open"),
    (State::ForcedOpen, "forced_open"),
    (State::Disabled, "disabled"),
];

fn label(state: State) -> &'static str {
    STATES[state as usize].1
}
