//! The limits of a retry budget as the keys of a configuration.

use crate::config::keys::{self, Configurable, Keys};
use crate::policy::retry_budget::{RetryBudget, RetryBudgetOptions};
use crate::sync::Reloadable;

impl keys::Options for RetryBudgetOptions {
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
    type Options = RetryBudgetOptions;

    fn name(&self) -> &'static str {
        self.name()
    }

    fn options(&self) -> &Reloadable<RetryBudgetOptions> {
        self.options()
    }
}
