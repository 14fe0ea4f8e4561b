//! From the attributes' tokens to a [`Stack`](crate::model::Stack). Finds what is wrong with an
//! argument by itself.

mod arguments;
mod bulkhead;
mod circuit_breaker;
mod fallback;
mod layer;
mod reader;
mod resilient;
mod retry;
mod stack;
mod stack_options;
mod subject;
mod timeout;
mod typed;
mod unknown;
mod value;

pub(crate) use stack::stack;
