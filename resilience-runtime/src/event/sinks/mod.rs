//! The facades through which a program already watches itself.

#[cfg(feature = "metrics")]
pub(super) mod metrics;
#[cfg(feature = "tracing")]
pub(super) mod tracing;
