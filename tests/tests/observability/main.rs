//! The features `metrics`, `serde` and `tracing`.
//!
//! Names are unique in this program, and no function gets worse than degraded: `health_as_json`
//! expects the status of the whole program.

mod health_as_json;
mod metrics;
mod tracing;
mod turns;
