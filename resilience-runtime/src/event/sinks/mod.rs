//! Built-in sinks: the facades `metrics` and `tracing`.

#[cfg(feature = "metrics")]
pub(super) mod metrics;
#[cfg(feature = "tracing")]
pub(super) mod tracing;
