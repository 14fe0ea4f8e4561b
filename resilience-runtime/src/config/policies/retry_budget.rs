//! The limits of a retry budget as the keys of a configuration.

use crate::config::keys::{self, Configurable, Keys};
use crate::policy::retry_budget::{Limits, RetryBudget};
use crate::sync::Live;

impl keys::Limits for Limits {
    const DEFAULTS: Self = Self::DEFAULT;

    fn keys(&mut self, keys: &mut impl Keys) {
        keys.limit("ratio", "retries that each first call pays for", &mut self.ratio);
        keys.limit(
            "min_per_sec",
            "retries a second that are always allowed",
            &mut self.min_per_sec,
        );
    }

    fn refusal(&self) -> Option<&'static str> {
        self.refusal()
    }
}

impl Configurable for RetryBudget {
    const SECTION: &'static str = "retry_budget";
    const KIND: &'static str = "retry budget";
    type Limits = Limits;

    fn called(&self) -> &'static str {
        self.name()
    }

    fn limits(&self) -> &Live<Limits> {
        self.limits()
    }
}
