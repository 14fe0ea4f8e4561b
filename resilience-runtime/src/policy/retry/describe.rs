//! The limits of a retry, for people to read.

use super::backoff::BackoffKind;
use super::nested::NestedRetry;
use super::options::RetryOptions;
use super::retry_policy::RetryPolicy;

impl RetryPolicy {
    /// The limits that hold now, but for those of which each call has its own.
    pub(crate) fn describe(&self, runtime_keys: &[&str]) -> String {
        let budget = match self.budget {
            Some(budget) => format!(", paid by `{}`", budget.name()),
            None => String::new(),
        };
        format!("{}{budget}", self.options.get().describe(runtime_keys))
    }
}

impl RetryOptions {
    fn describe(&self, runtime_keys: &[&str]) -> String {
        let Self { max_attempts, max_elapsed, nested, .. } = *self;
        let (base, max) = (self.base_delay(), self.max_delay());
        let delays = match self.backoff {
            _ if ["backoff", "base_delay", "max_delay"]
                .iter()
                .any(|delay| runtime_keys.contains(delay)) =>
            {
                String::from("apart as each call says")
            }
            BackoffKind::Custom(_) => String::from("after a backoff of its own"),
            _ if base.is_zero() => String::from("at once"),
            BackoffKind::Constant => format!("{base:?} apart"),
            BackoffKind::Linear | BackoffKind::Exponential => {
                format!("from {base:?} to {max:?} apart")
            }
        };
        let elapsed = match max_elapsed {
            _ if runtime_keys.contains(&"max_elapsed") => {
                String::from(", within what each call says")
            }
            Some(limit) => format!(", within {limit:?}"),
            None => String::new(),
        };
        let inside = if nested == NestedRetry::Allow { ", also inside another retry" } else { "" };
        format!("{max_attempts} attempts, {delays}{elapsed}{inside}")
    }
}
