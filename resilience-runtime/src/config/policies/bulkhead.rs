//! The limits of a bulkhead as the keys of a configuration.

use std::task::Waker;

use crate::config::keys::{self, Configurable, Keys};
use crate::policy::bulkhead::{Bulkhead, BulkheadOptions};
use crate::sync::Reloadable;

impl keys::Options for BulkheadOptions {
    const DEFAULTS: Self = Self::DEFAULT;

    fn keys(&mut self, keys: &mut impl Keys) {
        let (max_wait, max_queue) = (self.max_wait(), self.max_queue);
        keys.limit("max_concurrent", "calls inside at once", &mut self.max_concurrent);
        keys.option(
            "max_wait",
            "how long a call waits for a place",
            &mut self.max_wait,
            Some(max_wait),
        );
        keys.option(
            "max_queue",
            "calls waiting at once; else any number",
            &mut self.max_queue,
            max_queue,
        );
    }

    fn refusal(&self) -> Option<&'static str> {
        self.refusal()
    }
}

impl Configurable for Bulkhead {
    const SECTION: &'static str = "bulkhead";
    const KIND: &'static str = "bulkhead";
    type Options = BulkheadOptions;

    fn name(&self) -> &'static str {
        self.name()
    }

    fn options(&self) -> &Reloadable<BulkheadOptions> {
        self.options()
    }

    fn configure(&self, options: Option<BulkheadOptions>) -> Vec<Waker> {
        self.configure(options)
    }
}
