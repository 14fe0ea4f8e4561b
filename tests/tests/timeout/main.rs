//! Timeouts and the deadlines they set.

mod adaptive;
mod cascade;
mod concurrent;
mod deadline;
mod detached;
mod limit;
mod same_moment;
