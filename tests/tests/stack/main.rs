//! What concerns all layers: their order, fallbacks, cancellation, errors, combined policies, and what a call costs.

mod allocations;
mod cancellation_of_each;
mod cancellation_of_stacks;
mod classify;
mod combined;
mod errors;
mod expressions;
mod fallback;
mod future_size;
mod left_behind;
mod mixed;
mod not_send;
mod order;
mod unusual_stacks;
