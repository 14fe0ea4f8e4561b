//! All layers together: their order, fallbacks, cancellation, errors, combined policies and costs.

mod allocations;
mod classes_of_calls;
mod classify;
mod combined;
mod dropped_calls;
mod dropped_stacks;
mod errors;
mod errors_inside;
mod expressions;
mod fallback;
mod future_size;
mod left_behind;
mod mixed;
mod not_send;
mod of_values;
mod order;
mod panics_beside;
mod proper_answers;
mod unusual_stacks;
