//! The limits of a policy as the keys of a configuration.

mod configurable;
mod duration;
mod traits;
mod value;

pub(super) use configurable::Configurable;
pub(super) use traits::{Keys, Options};
pub(super) use value::{Value, Written, named_value, named_values, quoted, write_duration};
