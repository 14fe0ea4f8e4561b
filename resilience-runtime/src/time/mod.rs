//! Moments of the clock, and durations as numbers.

#[cfg(feature = "serde")]
mod milliseconds;
mod nanos;
mod rounded;

#[cfg(feature = "serde")]
pub(crate) use milliseconds::milliseconds;
pub(crate) use nanos::{Nanos, nanoseconds};
pub(crate) use rounded::rounded_up;
#[cfg(feature = "tracing")]
pub(crate) use rounded::whole_milliseconds;
