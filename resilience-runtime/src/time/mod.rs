//! Moments of the clock.

mod nanos;

pub(crate) use nanos::{Nanos, nanoseconds};
