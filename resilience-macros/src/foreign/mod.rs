//! Names that arguments have in other libraries.
//!
//! - `names`: the tables. Data only.
//! - `spelling`: a key in camel case, or with its unit.
//! - `value`: the user's value in our units and with our meaning.
//! - `advice`: the message.

mod advice;
mod names;
mod spelling;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use advice::{advice, of_call};
