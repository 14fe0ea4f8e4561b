//! The public API beside the attributes: guards, calls, keys, and what the types promise.

mod auto_traits;
mod debug;
mod errors;
mod guards;
mod keys;
mod layers;
mod retry_call;
