//! The limits of a retry, for people to read.

use resilience_options::{BackoffKind, NestedRetry, RetryOptions};

use super::retry_policy::RetryPolicy;

impl RetryPolicy {
    /// The limits that hold now, but for those of which each call has its own.
    pub(crate) fn describe(&self, runtime_keys: &[&str]) -> String {
        let budget = match self.budget {
            Some(budget) => format!(", paid by `{}`", budget.name()),
            None => String::new(),
        };
        format!("{}{budget}", describe(&self.options.get(), runtime_keys))
    }
}

fn describe(options: &RetryOptions, runtime_keys: &[&str]) -> String {
    let (base, max) = (options.base_delay(), options.max_delay());
    let delays = match options.backoff() {
        _ if ["backoff", "base_delay", "max_delay"]
            .iter()
            .any(|delay| runtime_keys.contains(delay)) =>
        {
            String::from("apart as each call says")
        }
        BackoffKind::Custom(_) => String::from("after a backoff of its own"),
        _ if base.is_zero() => String::from("at once"),
        BackoffKind::Constant => format!("{base:?} apart"),
        BackoffKind::Linear | BackoffKind::Exponential => format!("from {base:?} to {max:?} apart"),
        _ => String::new(),
    };
    let elapsed = match options.max_elapsed {
        _ if runtime_keys.contains(&"max_elapsed") => String::from(", within what each call says"),
        Some(limit) => format!(", within {limit:?}"),
        None => String::new(),
    };
    let is_nested = options.nested() == NestedRetry::Allow;
    let inside = if is_nested { ", also inside another retry" } else { "" };
    format!("{} attempts, {delays}{elapsed}{inside}", options.max_attempts())
}
