//! A bulkhead: its declaration, and what can be done with it by hand.

#[cfg(feature = "toml")]
use std::task::Waker;
use std::time::Duration;

use super::queue::{Occupancy, Slots};
use super::snapshot::BulkheadSnapshot;
use resilience_options::BulkheadOptions;

use crate::event::{Event, emit};
use crate::function::{Counter, Function};
use crate::sync::{Reloadable, StickyFlag};

/// A limit on the calls that are inside a dependency at once, shared by every function that names
/// it.
///
/// A slow dependency fills its own bulkhead and no other: what waits for it is bounded, and the
/// rest of the service goes on. Declared once, as a `static`:
///
/// ```
/// use resilience::{Bulkhead, bulkhead};
/// use std::time::Duration;
///
/// static PAYMENT_POOL: Bulkhead =
///     Bulkhead::new("payment").max_concurrent(5).max_wait(Duration::from_millis(200));
/// # #[derive(Debug)] struct ApiError;
/// # impl From<resilience::Error> for ApiError { fn from(_: resilience::Error) -> Self { Self } }
///
/// #[bulkhead(PAYMENT_POOL)]
/// async fn charge(amount: u64) -> Result<u64, ApiError> {
///     Ok(amount)
/// }
/// ```
///
/// First come, first served: nobody passes those who wait. A permit is given back when the call
/// ends, whether by an answer, an error, a panic or because its future was dropped; a waiter that
/// is dropped leaves the queue.
#[derive(Debug)]
pub struct Bulkhead {
    pub(super) name: &'static str,
    pub(super) options: Reloadable<BulkheadOptions>,
    pub(super) slots: Slots,
    /// Calls have come through [`call`](Self::call).
    pub(super) called: StickyFlag,
}

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
        Self { name, options: Reloadable::new(options), slots, called: StickyFlag::new() }
    }

    /// How many calls may be inside at once. Default 10, at least 1.
    ///
    /// # Panics
    ///
    /// If `calls` is 0; in a `static`, that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn max_concurrent(mut self, calls: u32) -> Self {
        self.options.declared.max_concurrent = Some(calls);
        if let Some(refusal) = self.options.declared.first_refusal() {
            panic!("{}", refusal.message)
        }
        self.slots.declare(calls);
        self
    }

    /// How long a call waits for a slot before it is rejected. Default 5 s; zero rejects it at
    /// once.
    #[must_use]
    pub const fn max_wait(mut self, wait: Duration) -> Self {
        self.options.declared.max_wait = Some(wait);
        self
    }

    /// How many calls may wait at once; one more is rejected at once. Default: any number.
    #[must_use]
    pub const fn max_queue(mut self, calls: u32) -> Self {
        self.options.declared.max_queue = Some(calls);
        self
    }

    /// The name, as errors and events give it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Who is inside and who waits, now.
    #[must_use]
    pub fn snapshot(&self) -> BulkheadSnapshot {
        let (count, limit) = (self.slots.count(), self.slots.limit());
        BulkheadSnapshot {
            max_concurrent: limit,
            active: count.active,
            waiting: count.waiting,
            available: limit.saturating_sub(count.active),
            utilization: if limit == 0 { 1.0 } else { f64::from(count.active) / f64::from(limit) },
        }
    }

    /// Changes how many calls may be inside at once, at any time: never blocks, and turns nobody
    /// out.
    ///
    /// More slots go to those who wait, in order of arrival, before this returns. With fewer, calls
    /// inside stay until they end, and nobody gets in before there are fewer of them than slots.
    /// With 0 nobody gets in until it is changed again.
    ///
    /// It stays in force whatever a configuration says, before or after, until
    /// [`undo_resize`](Self::undo_resize).
    pub fn resize(&self, max_concurrent: u32) {
        self.slots.resize(Some(max_concurrent));
    }

    /// Takes every [`resize`](Self::resize) back: `max_concurrent` is again what the configuration
    /// says, else the code.
    pub fn undo_resize(&self) {
        self.slots.resize(None);
    }

    /// Number of places that [`resize`](Self::resize) has set, until it is undone.
    pub(crate) fn resized(&self) -> Option<u32> {
        self.slots.resized()
    }

    /// Whether calls have come through [`call`](Self::call).
    pub(crate) fn was_called(&self) -> bool {
        self.called.is_set()
    }

    /// Another one, empty, with the same name and limits.
    pub(crate) fn fresh(&self) -> Self {
        let (options, slots) = (self.options.fresh(), self.slots.fresh());
        Self { name: self.name, options, slots, called: StickyFlag::new() }
    }

    /// Tells of a call that did not get in, and gives what it found.
    #[cold]
    pub(super) fn rejected(&self, function: Option<&Function>) -> Occupancy {
        let count = self.slots.count();
        if let Some(function) = function {
            function.count(Counter::BulkheadRejections);
        }
        emit(|| Event::BulkheadRejected {
            name: self.name,
            function: function.map(Function::path),
            active: count.active,
            waiting: count.waiting,
        });
        count
    }

    /// The options in the code, and those that override them.
    pub(crate) const fn options(&self) -> &Reloadable<BulkheadOptions> {
        &self.options
    }

    /// Goes on under other options; `None` brings back those of the code. Returns the wakers of the
    /// callers that got in by it.
    #[cfg(feature = "toml")]
    pub(crate) fn configure(&self, options: Option<BulkheadOptions>) -> Vec<Waker> {
        self.options.replace(options);
        self.slots.configure(options.map(|options| options.max_concurrent()))
    }
}
