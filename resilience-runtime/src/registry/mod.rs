//! The list of all annotated functions of the program, and of the policies that they name. It is
//! complete from the start of the program.

pub(crate) mod declared;
mod duplicates;
pub mod health;
mod index;
mod keyed_handle;
mod living;
mod no_effect;
mod policy_stats;
#[cfg(feature = "metrics")]
mod publish;
#[cfg(feature = "metrics")]
mod publish_keys;
mod recent;
mod registration;
mod registry;
pub mod report;
mod reset;
mod shared;

#[cfg(feature = "toml")]
pub(crate) use index::functions_in_order;
pub use keyed_handle::KeyedHandle;
pub use living::SharedPolicy;
pub use registration::Registration;
pub use registry::{Registry, registry};
