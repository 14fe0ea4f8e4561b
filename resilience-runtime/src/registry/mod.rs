//! Every annotated function of the program and whatever its attributes name, known from the start.

pub mod declared;
mod duplicates;
pub mod health;
mod index;
mod one_line;
mod policy_stats;
#[cfg(feature = "metrics")]
mod publish;
mod registration;
mod registry;
pub mod report;

#[cfg(feature = "toml")]
pub(crate) use index::functions_in_order;
#[cfg(feature = "toml")]
pub(crate) use one_line::one_line;
pub use registration::Registration;
pub use registry::{Registry, registry};
