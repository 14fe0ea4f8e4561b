//! The way of an event to the sinks and the observers.

use super::event::Event;
use super::observers;
#[cfg(any(feature = "tracing", feature = "metrics"))]
use super::sinks;

/// Gives an event to the sinks and the observers. If there are none, the event is not made: making
/// it would take a tenth of the time of a rejection.
#[inline]
pub(crate) fn emit(make: impl Fn() -> Event) {
    #[cfg(feature = "tracing")]
    observers::contain(|| sinks::tracing::emit(&make()));
    #[cfg(feature = "metrics")]
    observers::contain(|| sinks::metrics::emit(&make()));
    if observers::are_there() {
        observers::notify(&make());
    }
}
