//! The limits of a policy as the keys of a configuration.

mod configurable;
mod duration;
mod traits;
mod value;

pub(super) use configurable::Configurable;
pub(super) use traits::{Keys, Limits};
pub(super) use value::{Value, Written, quoted, word, words, write_duration};
