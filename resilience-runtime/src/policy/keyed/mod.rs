//! One breaker or bulkhead per key: a host, a tenant.

mod instances;
mod keyed;
mod keyed_policy;
mod table;

#[cfg(test)]
#[path = "../../model_checks/policy/keyed.rs"]
mod model_checks;

pub(crate) use instances::KeyedInstances;
pub use keyed::Keyed;
pub use keyed_policy::KeyedPolicy;
