//! `#[derive(Classify)]`, in stages: `read` makes plain structs of the attributes, `check` applies
//! the rules and finds the rule of each variant, `expand` writes the impl.

mod check;
mod derive;
mod expand;
mod model;
mod read;

pub(crate) use derive::derive;
