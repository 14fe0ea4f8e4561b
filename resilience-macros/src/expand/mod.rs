//! The layers, wrapped around the body from the inside out.
//!
//! Each layer takes the [`Code`](code::Code) of the layers inside it and returns the code of all of
//! them. Every expression is a `Result` and may contain `.await`. Nothing is boxed, and no layer
//! becomes a function or closure of its own.

mod accessor;
mod arguments;
mod async_block;
mod builder;
mod bulkhead;
mod captures;
mod circuit_breaker;
mod class;
mod code;
mod context;
mod fallback;
mod fallback_record;
mod function;
mod layer_tokens;
mod predicate;
mod rate_limiter;
mod retry;
mod retry_plan;
mod span_range;
mod timeout;
mod unexpanded;

pub(crate) use function::function;
pub(crate) use unexpanded::unexpanded;
