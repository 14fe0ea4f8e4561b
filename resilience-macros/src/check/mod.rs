//! Rules about layers together, and about layers and the function. Nothing but rules.

mod function;
mod layers;
mod stack;
mod timing;

pub(crate) use stack::stack;
