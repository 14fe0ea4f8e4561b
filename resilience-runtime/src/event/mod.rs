//! What the layers report to observers: everything that went wrong, nothing that went well.

mod emit;
mod event;
mod observers;
#[cfg(any(feature = "tracing", feature = "metrics"))]
mod sinks;

pub(crate) use emit::emit;
pub use event::{Event, SuppressionReason};
pub use observers::{ObserverGuard, observe};
