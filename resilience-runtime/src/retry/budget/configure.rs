//! The limits of a retry budget as the keys of a configuration.

use std::task::Waker;

use super::{Limits, RetryBudget};
use crate::keys::{self, Configurable, Keys};

impl keys::Limits for Limits {
    const DEFAULTS: Self = Self::DEFAULT;

    fn keys(&mut self, keys: &mut impl Keys) {
        keys.limit("ratio", "retries that each first call pays for", &mut self.ratio);
        keys.limit("min_per_sec", "retries a second that are always allowed", &mut self.min_per_sec);
    }

    fn refusal(&self) -> Option<&'static str> {
        self.refusal()
    }

    fn idle(&self, _key: &str) -> Option<&'static str> {
        None
    }
}

impl Configurable for RetryBudget {
    const SECTION: &'static str = "retry_budget";
    const KIND: &'static str = "retry budget";
    type Limits = Limits;

    fn called(&self) -> &'static str {
        self.name
    }

    fn declared(&self) -> Limits {
        self.limits.declared
    }

    fn limits(&self) -> Limits {
        self.limits.get()
    }

    fn configure(&self, limits: Option<Limits>) -> Vec<Waker> {
        self.limits.replace(limits);
        Vec::new()
    }
}
