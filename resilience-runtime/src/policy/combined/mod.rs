//! The combined policy: all the layers for one dependency, declared in one place.

mod call;
mod policy;
mod policy_layers;

pub use policy::Policy;
pub use policy_layers::PolicyLayers;
