//! The function under the attributes: its signature as syntax, its body as tokens.

mod async_body;
mod async_trait;
mod bindings;
mod consumed;
mod function;
mod output;
mod parameters;

pub(crate) use async_body::{AsyncBody, Frame};
pub(crate) use bindings::{Bindings, Variable};
pub(crate) use consumed::Consumed;
pub(crate) use function::{Function, split_inner_attributes};
pub(crate) use parameters::Parameters;
