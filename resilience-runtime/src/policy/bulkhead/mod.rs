//! `#[bulkhead]`: a limit on the calls inside at once. Other calls wait in a queue or are rejected.

mod acquire_wait;
mod builder;
mod bulkhead;
mod call;
mod describe;
mod permit;
mod queue;
mod snapshot;

#[cfg(test)]
#[path = "../../model_checks/policy/bulkhead.rs"]
mod model_checks;

pub use bulkhead::Bulkhead;
pub use permit::Permit;
pub use snapshot::BulkheadSnapshot;
