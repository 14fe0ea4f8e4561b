//! The limits of an adaptive timeout as the keys of a configuration.

use std::task::Waker;

use crate::config::keys::{self, Configurable, Keys};
use crate::policy::timeout::{AdaptiveTimeout, AdaptiveTimeoutOptions};
use crate::sync::Reloadable;

impl keys::Options for AdaptiveTimeoutOptions {
    const DEFAULTS: Self = Self::DEFAULT;

    fn keys(&mut self, keys: &mut impl Keys) {
        let (shortest, longest) = (self.shortest(), self.longest());
        keys.limit("percentile", "which of the latencies", &mut self.percentile);
        keys.limit("multiplier", "how many times that the limit is", &mut self.multiplier);
        keys.option("min", "never shorter", &mut self.min, Some(shortest));
        keys.option(
            "max",
            "never longer, and this until enough calls are seen",
            &mut self.max,
            Some(longest),
        );
        keys.limit("window", "how long a call is remembered", &mut self.window);
        keys.limit("minimum_calls", "calls to be seen before they count", &mut self.minimum_calls);
    }

    fn refusal(&self) -> Option<&'static str> {
        self.refusal()
    }
}

impl Configurable for AdaptiveTimeout {
    const SECTION: &'static str = "adaptive_timeout";
    const KIND: &'static str = "adaptive timeout";
    type Options = AdaptiveTimeoutOptions;

    fn name(&self) -> &'static str {
        self.name()
    }

    fn options(&self) -> &Reloadable<AdaptiveTimeoutOptions> {
        self.options()
    }

    fn configure(&self, options: Option<AdaptiveTimeoutOptions>) -> Vec<Waker> {
        self.configure(options);
        Vec::new()
    }
}
