//! The options of a bulkhead, as it is declared.

use std::time::Duration;

use resilience_options::BulkheadOptions;

use super::bulkhead::Bulkhead;
use super::queue::Slots;
use crate::sync::{Reloadable, StickyFlag};

impl Bulkhead {
    /// A bulkhead with the defaults: 10 calls inside, up to 5 s of waiting, any number waiting.
    ///
    /// # Panics
    ///
    /// If the name is empty.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        assert!(
            !name.is_empty(),
            "a bulkhead's name must not be empty: errors and events call it by its name"
        );
        let options = BulkheadOptions::NONE;
        let slots = Slots::new(options.max_concurrent());
        let options = Reloadable::new(options);
        Self { name, key: None, options, slots, called: StickyFlag::new() }
    }

    /// Number of calls that may be inside at once. Default 10, at least 1.
    ///
    /// # Panics
    ///
    /// If `calls` is 0; in a `static`, that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn max_concurrent(mut self, calls: u32) -> Self {
        self.options.declared.max_concurrent = Some(calls);
        self.slots.declare(calls);
        self.checked()
    }

    /// Longest time that a call waits for a slot before it is rejected. Default 5 s; zero rejects
    /// it at once.
    #[must_use]
    #[track_caller]
    pub const fn max_wait(mut self, wait: Duration) -> Self {
        self.options.declared.max_wait = Some(wait);
        self.checked()
    }

    /// Number of calls that may wait at once; one more is rejected at once. Default 10 000: far
    /// more than the slots serve within a wait, and a few megabytes if a dependency hangs.
    #[must_use]
    #[track_caller]
    pub const fn max_queue(mut self, calls: u32) -> Self {
        self.options.declared.max_queue = Some(calls);
        self.checked()
    }

    #[track_caller]
    const fn checked(self) -> Self {
        if let Some(refusal) = self.options.declared.first_refusal() {
            panic!("{}", refusal.message)
        }
        self
    }
}
