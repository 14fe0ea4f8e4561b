//! A bulkhead, and what can be done with it by hand.

#[cfg(feature = "toml")]
use std::task::Waker;

use resilience_options::BulkheadOptions;

use super::queue::{Occupancy, Slots};
use super::snapshot::BulkheadSnapshot;
use crate::event::{Event, emit, emit_per_call};
use crate::function::{Counter, Function};
use crate::outcome::{Error, Key};
use crate::sync::{Reloadable, StickyFlag};

/// A limit on the calls that are inside a dependency at once, shared by every function that names
/// the bulkhead.
///
/// A slow dependency fills its own bulkhead and no other: the calls that wait for it are bounded,
/// and the rest of the service goes on. Declared once, as a `static`:
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
/// First come, first served: no call passes the calls that wait. A slot is given back when the call
/// ends, whether by an answer, an error, a panic or because its future was dropped; a waiter that
/// is dropped leaves the queue.
///
/// [`call`](Self::call) makes one call through it, [`acquire`](Self::acquire) returns a permit to
/// hold.
pub struct Bulkhead {
    pub(super) name: &'static str,
    /// Key of an instance of a [`Keyed`](crate::Keyed).
    pub(super) key: Option<Key>,
    pub(super) options: Reloadable<BulkheadOptions>,
    pub(super) slots: Slots,
    /// Set when somebody got in other than by an attribute or a policy.
    pub(super) called: StickyFlag,
}

impl Bulkhead {
    /// Name, as errors and events give it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Key, as it is displayed, of an instance of a [`Keyed`](crate::Keyed).
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Numbers of calls inside and waiting, now.
    #[must_use]
    pub fn snapshot(&self) -> BulkheadSnapshot {
        let (count, limit) = (self.slots.count(), self.slots.limit());
        BulkheadSnapshot {
            name: self.name,
            key: self.key.clone(),
            max_concurrent: limit,
            active: count.active,
            waiting: count.waiting,
            available: limit.saturating_sub(count.active),
            utilization: if limit == 0 { 1.0 } else { f64::from(count.active) / f64::from(limit) },
        }
    }

    /// Changes the number of calls that may be inside at once, at any time. It never blocks, and
    /// calls inside stay inside.
    ///
    /// New slots go to the calls that wait, in order of arrival, before this returns. With fewer
    /// slots, nobody gets in before there are fewer calls inside than slots. With 0 nobody gets in
    /// until the number is changed again.
    ///
    /// The number stays in force whatever a configuration says, before or after, until
    /// [`undo_resize`](Self::undo_resize).
    ///
    /// ```
    /// use resilience::Bulkhead;
    ///
    /// static POOL: Bulkhead = Bulkhead::new("payment").max_concurrent(4);
    ///
    /// POOL.resize(2);
    /// assert_eq!(POOL.snapshot().max_concurrent, 2);
    /// POOL.undo_resize();
    /// assert_eq!(POOL.snapshot().max_concurrent, 4);
    /// ```
    pub fn resize(&self, max_concurrent: u32) {
        self.resize_to(Some(max_concurrent));
    }

    /// Undoes every [`resize`](Self::resize): `max_concurrent` is again the number in the
    /// configuration, or else in the code.
    pub fn undo_resize(&self) {
        self.resize_to(None);
    }

    fn resize_to(&self, limit: Option<u32>) {
        let (from, to) = self.slots.resize(limit);
        if from != to {
            let (name, key) = (self.name, &self.key);
            emit(|| Event::BulkheadResized { name, key: key.clone(), from, to });
        }
    }

    /// Returns to the declared state: undoes every [`resize`](Self::resize). There is nothing else
    /// that a bulkhead remembers: calls inside keep their slots, and calls that wait go on waiting.
    pub fn reset(&self) {
        self.undo_resize();
    }

    /// Number of slots that [`resize`](Self::resize) has set, until it is undone.
    pub(crate) fn resized(&self) -> Option<u32> {
        self.slots.resized()
    }

    /// Returns `true` if somebody got in other than by an attribute or a policy.
    pub(crate) fn was_called(&self) -> bool {
        self.called.is_set()
    }

    /// Makes another one for this key, empty, with the same name and limits.
    pub(crate) fn fresh(&self, key: Option<Key>) -> Self {
        let (options, slots) = (self.options.fresh(), self.slots.fresh());
        Self { name: self.name, key, options, slots, called: StickyFlag::new() }
    }

    /// Counts and emits a rejection, and returns its error.
    #[cold]
    pub(super) fn rejected(&self, function: Option<&Function>) -> Error {
        let Occupancy { active, waiting } = self.slots.count();
        if let Some(function) = function {
            function.count(Counter::BulkheadRejections);
        }
        emit_per_call(move || Event::BulkheadRejected {
            name: self.name,
            key: self.key.clone(),
            function: function.map(Function::path),
            active,
            waiting,
        });
        Error::BulkheadFull { name: self.name, key: self.key.clone(), active, waiting }
    }

    /// The options in the code, and those that override them.
    pub(crate) const fn options(&self) -> &Reloadable<BulkheadOptions> {
        &self.options
    }

    /// Overrides the options; `None` restores the options of the code. Returns the wakers of the
    /// callers that this admits.
    #[cfg(feature = "toml")]
    pub(crate) fn configure(&self, options: Option<BulkheadOptions>) -> Vec<Waker> {
        self.options.replace(options);
        self.slots.configure(options.map(|options| options.max_concurrent()))
    }
}
