//! The limits of a retry as text for people.

use resilience_options::{BackoffKind, NestedRetry, RetryOptions};

use super::retry_policy::RetryPolicy;

impl RetryPolicy {
    /// Describes the limits in force.
    pub(crate) fn describe(&self) -> String {
        let budget = match self.budget {
            Some(budget) => format!(", paid by `{}`", budget.name()),
            None => String::new(),
        };
        format!("{}{budget}", describe(&self.options.get(), self.runtime_keys()))
    }
}

fn describe(options: &RetryOptions, runtime_keys: &[&str]) -> String {
    let (base, max) = (options.base_delay(), options.max_delay());
    let delays = match options.backoff() {
        _ if ["backoff", "base_delay", "max_delay", "factor"]
            .iter()
            .any(|key| runtime_keys.contains(key)) =>
        {
            String::from("delays computed for each call")
        }
        BackoffKind::Custom(_) => String::from("delays from a backoff function"),
        _ if base.is_zero() => String::from("without delay"),
        BackoffKind::Constant => format!("{base:?} apart"),
        BackoffKind::Linear | BackoffKind::Exponential => format!("from {base:?} to {max:?} apart"),
        _ => String::new(),
    };
    let elapsed = match options.max_elapsed {
        _ if runtime_keys.contains(&"max_elapsed") => {
            String::from(", within a time computed for each call")
        }
        Some(limit) => format!(", within {limit:?}"),
        None => String::new(),
    };
    let is_nested = options.nested() == NestedRetry::Allow;
    let inside = if is_nested { ", also inside another retry" } else { "" };
    let attempts = match options.max_attempts() {
        _ if runtime_keys.contains(&"max_attempts") => {
            String::from("attempts computed for each call")
        }
        attempts => format!("{attempts} attempts"),
    };
    format!("{attempts}, {delays}{elapsed}{inside}")
}
