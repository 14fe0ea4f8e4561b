//! The limits of a breaker as text for people.

use resilience_options::{CircuitBreakerOptions, FailureCriterion, OpenBackoff, WindowKind};

use super::circuit_breaker::CircuitBreaker;

impl CircuitBreaker {
    /// The limits in force.
    pub(crate) fn describe(&self) -> String {
        describe(&self.engine.options.get())
    }
}

fn describe(options: &CircuitBreakerOptions) -> String {
    let failures = match options.criterion() {
        FailureCriterion::Failures(1) => String::from("1 failure"),
        FailureCriterion::Failures(failures) => format!("{failures} failures"),
        FailureCriterion::Rate(rate) => format!("{} failures", percent(rate)),
    };
    let slow = match (options.slow_call, options.slow_call_rate()) {
        (Some(limit), Some(rate)) => format!(" or {} slower than {limit:?}", percent(rate)),
        _ => String::new(),
    };
    let among = if options.failure_rate.is_some() || options.slow_call.is_some() {
        format!(" among {} calls or more", options.minimum_calls())
    } else {
        String::new()
    };
    let window = match options.window_kind() {
        WindowKind::Time(window) => format!("within {window:?}"),
        WindowKind::Calls(calls) => format!("within the last {calls} calls"),
    };
    let longest = match options.open_backoff {
        Some(OpenBackoff { max, .. }) => format!(", then longer, up to {max:?}"),
        None => String::new(),
    };
    format!("opens at {failures}{slow}{among} {window}, for {:?}{longest}", options.open_for())
}

fn percent(share: f64) -> String {
    format!("{} %", (share * 1000.0).round() / 10.0)
}
