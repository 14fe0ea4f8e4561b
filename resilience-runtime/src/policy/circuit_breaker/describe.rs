//! The limits of a breaker, for people to read.

use super::circuit_breaker::CircuitBreaker;
use super::options::{CircuitBreakerOptions, Limit, OpenBackoff, Window};

impl CircuitBreaker {
    /// The limits that hold now.
    pub(crate) fn describe(&self) -> String {
        self.settings.get().describe()
    }
}

impl CircuitBreakerOptions {
    fn describe(&self) -> String {
        let failures = match self.limit() {
            Limit::Failures(1) => String::from("1 failure"),
            Limit::Failures(failures) => format!("{failures} failures"),
            Limit::Rate(rate) => format!("{} failures", percent(rate)),
        };
        let slow = match (self.slow_call, self.slow_call_rate()) {
            (Some(limit), Some(rate)) => format!(" or {} slower than {limit:?}", percent(rate)),
            _ => String::new(),
        };
        let among = if self.failure_rate.is_some() || self.slow_call.is_some() {
            format!(" among {} calls or more", self.minimum_calls())
        } else {
            String::new()
        };
        let window = match self.window() {
            Window::Time(window) => format!("within {window:?}"),
            Window::Calls(calls) => format!("within the last {calls} calls"),
        };
        let longest = match self.open_backoff {
            Some(OpenBackoff { max, .. }) => format!(", then longer, up to {max:?}"),
            None => String::new(),
        };
        format!("opens at {failures}{slow}{among} {window}, for {:?}{longest}", self.open_for())
    }
}

fn percent(share: f64) -> String {
    format!("{} %", (share * 1000.0).round() / 10.0)
}
