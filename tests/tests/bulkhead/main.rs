//! Bulkheads: admission, the queue, resizing, and a model.

mod admission;
mod guards;
mod isolation;
mod model;
mod resize;
mod stress;
mod timer;
