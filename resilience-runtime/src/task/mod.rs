//! What a call knows of the policies around it, on its own task.
//!
//! The layers of a task are nested futures, polled from the outside in on one thread at a time. A
//! layer that has something to say to those inside it sets it in a thread-local cell while it polls
//! them, and puts back what was there before, also when the poll panics. So the cells belong to the
//! poll in progress: no other thread can see or change them, a spawned task starts with none, and
//! nothing outlives a future that is dropped. What is polled inline (a member of a set, a local
//! task of a `LocalSet`) sees the layers that poll it.

mod attempt;
mod attempt_span;
mod clock;
mod clocks;
mod deadline;
mod expiry;
mod scope;

pub(crate) use attempt::in_attempt;
pub use attempt::{Attempt, OptionalAttempt};
pub(crate) use attempt_span::AttemptSpan;
pub(crate) use clock::Clock;
pub(crate) use deadline::is_overdue;
pub use deadline::{deadline, remaining, with_deadline};
pub(crate) use expiry::Expiry;
pub(crate) use scope::{timing_out, while_timing_out};
