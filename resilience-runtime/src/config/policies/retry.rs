//! The limits of a retry as the keys of a configuration.

use std::task::Waker;

use crate::config::keys::{self, Configurable, Keys, named_values};
use crate::policy::retry::{BackoffKind, Jitter, NestedRetry, RetryOptions, RetryPolicy};
use crate::sync::Reloadable;

impl keys::Options for RetryOptions {
    const DEFAULTS: Self = Self::DEFAULT;

    fn keys(&mut self, keys: &mut impl Keys) {
        keys.limit("max_attempts", "the first call included", &mut self.max_attempts);
        keys.limit(
            "backoff",
            "how the delay grows: constant, linear, exponential",
            &mut self.backoff,
        );
        let is_own = matches!(self.backoff, BackoffKind::Custom(_));
        let base_delay = (!is_own).then(|| self.base_delay());
        let max_delay = if is_own { self.max_delay } else { Some(self.max_delay()) };
        let jitter = self.jitter.or(Some(if is_own { Jitter::None } else { Jitter::Full }));
        let max_elapsed = self.max_elapsed;
        keys.option(
            "base_delay",
            "after the first attempt, before jitter",
            &mut self.base_delay,
            base_delay,
        );
        keys.option("max_delay", "no delay is longer", &mut self.max_delay, max_delay);
        let factor = matches!(self.backoff, BackoffKind::Exponential).then(|| self.factor());
        keys.option("factor", "of exponential backoff", &mut self.factor, factor);
        keys.option(
            "jitter",
            "how the delay is made random: full, equal, decorrelated, none",
            &mut self.jitter,
            jitter,
        );
        keys.option(
            "max_elapsed",
            "no delay is begun that would end later",
            &mut self.max_elapsed,
            max_elapsed,
        );
        keys.limit("nested", "inside another retry: collapse, allow", &mut self.nested);
    }

    fn refusal(&self) -> Option<&'static str> {
        self.refusal()
    }

    fn idle(&self, key: &str) -> Option<&'static str> {
        match (key, self.backoff) {
            ("factor", BackoffKind::Constant) => {
                Some("factor is for exponential backoff: a constant one has none")
            }
            ("factor", BackoffKind::Linear) => {
                Some("factor is for exponential backoff: a linear one has none")
            }
            ("factor" | "base_delay", BackoffKind::Custom(_)) => Some(
                "the backoff in the code is a function that gives the whole delay: base_delay and factor mean nothing beside it",
            ),
            ("jitter", BackoffKind::Custom(_))
                if matches!(self.jitter, Some(Jitter::Decorrelated)) =>
            {
                Some(
                    "the backoff in the code is a function that gives the whole delay: decorrelated jitter means nothing beside it",
                )
            }
            _ => None,
        }
    }
}

impl Configurable for RetryPolicy {
    const SECTION: &'static str = "retry";
    const KIND: &'static str = "retry policy";
    type Options = RetryOptions;

    fn name(&self) -> &'static str {
        self.name()
    }

    fn options(&self) -> &Reloadable<RetryOptions> {
        self.options()
    }

    fn configure(&self, options: Option<RetryOptions>) -> Vec<Waker> {
        self.configure(options);
        Vec::new()
    }
}

named_values!(BackoffKind: "constant" => Constant, "linear" => Linear, "exponential" => Exponential);
named_values!(Jitter: "full" => Full, "equal" => Equal, "decorrelated" => Decorrelated, "none" => None);
named_values!(NestedRetry: "collapse" => Collapse, "allow" => Allow);
