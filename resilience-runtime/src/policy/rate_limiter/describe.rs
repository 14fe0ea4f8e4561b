//! The limits of a rate limiter as text for people.

use super::rate_limiter::RateLimiter;

impl RateLimiter {
    /// Describes the limits in force.
    pub(crate) fn describe(&self) -> String {
        let options = self.options.get();
        let rate = match options.per {
            Some(rate) => format!("{} in {:?}", rate.calls, rate.period),
            None => format!("{} per second", options.rate().calls),
        };
        let burst = match options.burst() {
            1 => String::new(),
            calls => format!(", {calls} at once"),
        };
        let max_wait = options.max_wait();
        if max_wait.is_zero() {
            return format!("{rate}{burst}, none waits");
        }
        format!("{rate}{burst}, others wait up to {max_wait:?}")
    }
}
