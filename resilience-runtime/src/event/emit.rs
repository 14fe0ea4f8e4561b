//! Emission of events to the sinks and the observers.

use super::event::Event;
use super::observers;
#[cfg(any(feature = "tracing", feature = "metrics"))]
use super::sinks;
#[cfg(any(feature = "tracing", feature = "metrics"))]
use crate::sync::contain;

/// Emits an event about a change, which happens now and then. Without a sink or an observer, the
/// event is not created.
#[inline]
pub(crate) fn emit(make: impl Fn() -> Event) {
    #[cfg(feature = "tracing")]
    contain(|| sinks::tracing::emit(&make()));
    #[cfg(feature = "metrics")]
    contain(|| sinks::metrics::emit(&make()));
    emit_to_observers(make);
}

/// Emits an event about a step of one call: in an outage that are thousands a second. Without an
/// observer and a subscriber for the level `DEBUG`, the event is not created, because creating it
/// would take a tenth of the time of a rejection.
#[inline]
pub(crate) fn emit_per_call(make: impl Fn() -> Event) {
    #[cfg(feature = "tracing")]
    contain(|| {
        if sinks::tracing::logs_calls() {
            sinks::tracing::emit(&make());
        }
    });
    emit_to_observers(make);
}

/// Counts and emits a result that came too late for the breaker of this name.
#[inline]
pub(crate) fn emit_stale_result(name: &'static str, make: impl Fn() -> Event) {
    #[cfg(feature = "metrics")]
    contain(|| sinks::metrics::count_stale_result(name));
    #[cfg(not(feature = "metrics"))]
    let _ = name;
    emit_per_call(make);
}

/// Emits an event that has been logged, or that needs no line in a log.
#[inline]
pub(crate) fn emit_to_observers(make: impl Fn() -> Event) {
    if observers::is_any_registered() {
        notify(make);
    }
}

/// Creates the event out of line, so that the place where it is emitted stays small. If the closure
/// owns what it captures, that place keeps its variables in registers.
#[cold]
#[inline(never)]
fn notify(make: impl Fn() -> Event) {
    observers::notify(&make());
}
