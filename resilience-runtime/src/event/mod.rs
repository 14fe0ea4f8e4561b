//! Events that the layers report to observers: every action of a layer except plain success.

mod emit;
mod event;
#[cfg(feature = "tracing")]
mod fallback_run;
#[cfg(feature = "tracing")]
mod full_table;
mod observers;
#[cfg(feature = "tracing")]
mod repeats;
#[cfg(any(feature = "tracing", feature = "metrics"))]
mod sinks;

pub(crate) use emit::{emit, emit_per_call, emit_stale_result, emit_to_observers};
pub use event::{Event, KeyedKind, SuppressionReason};
#[cfg(feature = "tracing")]
pub(crate) use fallback_run::FallbackRun;
#[cfg(feature = "tracing")]
pub(crate) use full_table::FullTable;
pub use observers::{ObserverGuard, observe};
#[cfg(feature = "tracing")]
pub(crate) use repeats::Repeats;
