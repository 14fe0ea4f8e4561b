//! Bulkheads: who gets in, in which order, and a model of both.

mod admission;
mod isolation;
mod model;
mod resize;
mod stress;
mod timer;
