//! The features `metrics`, `serde` and `tracing`.
//!
//! Names are unique in this program, and no function gets worse than degraded: `json` expects the
//! status of the whole program.

mod json;
mod keys;
mod metrics;
mod tracing;
mod turns;
