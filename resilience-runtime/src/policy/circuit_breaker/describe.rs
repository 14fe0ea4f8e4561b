//! The limits of a breaker as text for people.

use resilience_options::{CircuitBreakerOptions, OpenBackoff, WindowKind};

use super::circuit_breaker::CircuitBreaker;

impl CircuitBreaker {
    /// The limits in force.
    pub(crate) fn describe(&self) -> String {
        describe(&self.engine.options.get())
    }
}

fn describe(options: &CircuitBreakerOptions) -> String {
    let run = options.consecutive_failures().map(|failures| match failures {
        1 => String::from("1 failure"),
        failures => format!("{failures} failures in a row"),
    });
    let threshold = options.failure_threshold.map(|failures| match failures {
        1 => String::from("1 failure"),
        failures => format!("{failures} failures"),
    });
    let rate = options.failure_rate.map(|rate| format!("{} failures", percent(rate)));
    let slow = options.slow_call.zip(options.slow_call_rate());
    let slow = slow.map(|(limit, rate)| format!("{} slower than {limit:?}", percent(rate)));
    let in_window: Vec<String> = [threshold, rate, slow].into_iter().flatten().collect();
    let among = if options.looks_at_rates() {
        format!(" among {} calls or more", options.minimum_calls())
    } else {
        String::new()
    };
    let window = match options.window_kind() {
        WindowKind::Time(window) => format!("within {window:?}"),
        WindowKind::Calls(calls) => format!("within the last {calls} calls"),
    };
    let in_window =
        options.counts_in_window().then(|| format!("{}{among} {window}", in_window.join(" or ")));
    let criteria: Vec<String> = [run, in_window].into_iter().flatten().collect();
    let jitter = match options.open_jitter() {
        0.0 => String::new(),
        jitter => format!(", each up to {} longer by chance", percent(jitter)),
    };
    let longest = match options.open_backoff {
        Some(OpenBackoff { max, .. }) => format!(", then longer, up to {max:?}"),
        None => String::new(),
    };
    let open_for = options.open_for();
    format!("opens at {}, for {open_for:?}{longest}{jitter}", criteria.join(" or "))
}

/// Describes a share for people.
pub(crate) fn percent(share: f64) -> String {
    // Three decimals: a share of one in a thousand calls is not none.
    format!("{} %", (share * 100_000.0).round() / 1000.0)
}
