//! `Debug` of the policies: name, limits in force and state, not the words that they are packed in.

use std::fmt;

use resilience_options::{Options, Value};

use crate::policy::bulkhead::Bulkhead;
use crate::policy::combined::Policy;
use crate::policy::configurable::Configurable;
use crate::policy::retry::RetryPolicy;
use crate::policy::retry_budget::RetryBudget;
use crate::policy::timeout::AdaptiveTimeout;

impl fmt::Debug for Bulkhead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let snapshot = self.snapshot();
        let mut debug = f.debug_struct("Bulkhead");
        debug.field("name", &self.name());
        if let Some(key) = self.key() {
            debug.field("key", &key);
        }
        add_limits(&mut debug, self);
        if let Some(slots) = self.resized() {
            debug.field("resized", &slots);
        }
        debug.field("active", &snapshot.active).field("waiting", &snapshot.waiting);
        debug.finish_non_exhaustive()
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("RetryPolicy");
        debug.field("name", &self.name());
        add_limits(&mut debug, self);
        if let Some(budget) = self.retry_budget() {
            debug.field("budget", &budget.name());
        }
        debug.finish_non_exhaustive()
    }
}

impl fmt::Debug for RetryBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("RetryBudget");
        debug.field("name", &self.name());
        add_limits(&mut debug, self);
        debug.field("available", &self.available());
        debug.finish_non_exhaustive()
    }
}

impl fmt::Debug for AdaptiveTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("AdaptiveTimeout");
        debug.field("name", &self.name());
        add_limits(&mut debug, self);
        debug.field("limit", &self.limit());
        debug.finish_non_exhaustive()
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layers = self.layers();
        f.debug_struct("Policy")
            .field("name", &self.name())
            .field("bulkhead", &layers.bulkhead)
            .field("circuit_breaker", &layers.circuit_breaker)
            .field("retry", &layers.retry)
            .field("timeout", &layers.timeout)
            .finish_non_exhaustive()
    }
}

/// Adds the limits in force, each as a field; those that are off are left out.
fn add_limits<P: Configurable>(debug: &mut fmt::DebugStruct<'_, '_>, policy: &P) {
    let options = policy.options().get();
    for option in P::Options::OPTIONS {
        if policy.runtime_keys().contains(&option.name) {
            debug.field(option.name, &format_args!("computed for each call"));
        } else if let Some(value) = options.in_force(option.name) {
            debug.field(option.name, &Plain(value));
        }
    }
}

/// The value of an option, without the kind that it is of.
struct Plain(Value);

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Number(number) => number.fmt(f),
            Value::Float(number) => number.fmt(f),
            Value::Duration(duration) => duration.fmt(f),
            Value::Word(word) => f.write_str(word),
            Value::Growth { factor, max } => (factor, max).fmt(f),
            Value::Function => f.write_str("a function"),
        }
    }
}
