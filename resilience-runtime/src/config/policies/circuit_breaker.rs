//! The limits of a breaker as the keys of a configuration.

use std::task::Waker;
use std::time::Duration;

use crate::config::diagnostics::Diagnostics;
use crate::config::keys::{self, Configurable, Keys, Value, Written, named_values, write_duration};
use crate::policy::circuit_breaker::{
    CircuitBreaker, CircuitBreakerOptions, Limit, OnAbandon, OpenBackoff, Window,
};
use crate::sync::Reloadable;

impl keys::Options for CircuitBreakerOptions {
    const DEFAULTS: Self = Self::DEFAULT;

    fn keys(&mut self, keys: &mut impl Keys) {
        keys.instead("failure_rate", &mut self.failure_threshold);
        keys.instead("failure_threshold", &mut self.failure_rate);
        keys.instead("window_calls", &mut self.window);
        keys.instead("window", &mut self.window_calls);
        let (failures, rate) = match self.limit() {
            Limit::Failures(failures) => (Some(failures), None),
            Limit::Rate(rate) => (None, Some(rate)),
        };
        let (time, calls) = match self.window() {
            Window::Time(window) => (Some(window), None),
            Window::Calls(calls) => (None, Some(calls)),
        };
        let looks_at_rates = rate.is_some() || self.slow_call.is_some();
        let minimum_calls = looks_at_rates.then(|| self.minimum_calls());
        let (slow_call_rate, open_for, probe_timeout) =
            (self.slow_call_rate(), self.open_for(), self.probe_timeout());
        let (slow_call, open_backoff) = (self.slow_call, self.open_backoff);

        keys.option(
            "failure_threshold",
            "failures within the window that open it",
            &mut self.failure_threshold,
            failures,
        );
        keys.option(
            "failure_rate",
            "or the share of calls within the window that fail",
            &mut self.failure_rate,
            rate,
        );
        keys.option(
            "minimum_calls",
            "calls in the window before a rate counts",
            &mut self.minimum_calls,
            minimum_calls,
        );
        keys.option("window", "how long a call counts", &mut self.window, time);
        keys.option("window_calls", "or the last so many calls", &mut self.window_calls, calls);
        keys.option(
            "slow_call",
            "a call that takes this long is slow",
            &mut self.slow_call,
            slow_call,
        );
        keys.option(
            "slow_call_rate",
            "the share of slow calls that opens it",
            &mut self.slow_call_rate,
            slow_call_rate,
        );
        keys.option(
            "open_for",
            "open for so long before a probe",
            &mut self.open_for,
            Some(open_for),
        );
        keys.option(
            "open_backoff",
            "longer open spells from probe to probe: factor and max",
            &mut self.open_backoff,
            open_backoff,
        );
        keys.limit("half_open_probes", "probes at once", &mut self.half_open_probes);
        keys.limit(
            "success_threshold",
            "probes that must succeed to close it",
            &mut self.success_threshold,
        );
        keys.option(
            "probe_timeout",
            "then a hung probe's place is given again",
            &mut self.probe_timeout,
            Some(probe_timeout),
        );
        keys.limit(
            "on_abandon",
            "what a call counts as whose caller went away: ignore, failure",
            &mut self.on_abandon,
        );
    }

    fn refusal(&self) -> Option<&'static str> {
        self.refusal()
    }

    fn idle(&self, key: &str) -> Option<&'static str> {
        match key {
            "minimum_calls" if self.failure_rate.is_none() && self.slow_call.is_none() => Some(
                "minimum_calls is about a rate: it needs a failure_rate, or a slow_call, beside it",
            ),
            "slow_call_rate" if self.slow_call.is_none() => Some(
                "which calls are slow? slow_call_rate needs slow_call beside it, as in `slow_call = \"2s\"`",
            ),
            _ => None,
        }
    }
}

impl Configurable for CircuitBreaker {
    const SECTION: &'static str = "circuit_breaker";
    const KIND: &'static str = "circuit breaker";
    type Options = CircuitBreakerOptions;

    fn name(&self) -> &'static str {
        self.name()
    }

    fn options(&self) -> &Reloadable<CircuitBreakerOptions> {
        self.options()
    }

    fn configure(&self, options: Option<CircuitBreakerOptions>) -> Vec<Waker> {
        self.configure(options);
        Vec::new()
    }
}

named_values!(OnAbandon: "ignore" => Ignore, "failure" => Failure);

impl Value for OpenBackoff {
    fn read(key: &str, written: &Written<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let example = format!(
            "`{key}` is a factor and a longest spell, as in `{key} = {{ factor = 2.0, max = \"5min\" }}`"
        );
        let Some(table) = written.get_ref().as_table() else {
            diagnostics.at(written.span(), example);
            return None;
        };
        for part in table.keys().filter(|part| !matches!(part.get_ref().as_ref(), "factor" | "max"))
        {
            diagnostics.at(part.span(), format!("`{key}` has no `{}`: {example}", part.get_ref()));
        }
        let (Some(factor), Some(max)) = (table.get("factor"), table.get("max")) else {
            diagnostics.at(written.span(), example);
            return None;
        };
        let (factor, max) =
            (f64::read("factor", factor, diagnostics), Duration::read("max", max, diagnostics));
        Some(Self { factor: factor?, max: max? })
    }

    fn write(self) -> Option<String> {
        Some(format!("{{ factor = {:?}, max = {} }}", self.factor, write_duration(self.max)))
    }
}
