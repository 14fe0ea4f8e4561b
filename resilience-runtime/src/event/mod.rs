//! Events that the layers report to observers: every action of a layer except plain success.

mod emit;
mod event;
mod observers;
#[cfg(any(feature = "tracing", feature = "metrics"))]
mod sinks;

pub(crate) use emit::emit;
pub use event::{Event, KeyedKind, SuppressionReason};
pub use observers::{ObserverGuard, observe};
