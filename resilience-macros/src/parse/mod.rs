//! From the attributes' tokens to a [`Stack`](crate::model::Stack). Finds mistakes inside one
//! attribute.

mod arguments;
mod bulkhead;
mod circuit_breaker;
mod decimal;
mod duration;
mod fallback;
mod layer;
mod number;
mod options;
mod rate_limiter;
mod reader;
mod resilient;
mod retry;
mod stack;
mod stack_options;
mod subject;
mod timeout;
mod typed;
mod unknown;
mod word;

pub(crate) use stack::stack;
