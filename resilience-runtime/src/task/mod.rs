//! State that outer layers share with inner layers of the same task: deadlines and attempts.
//!
//! The layers of a task are nested futures, polled from the outside in, on one thread at a time. An
//! outer layer sets a thread-local cell while it polls the inner layers, and restores the previous
//! value after the poll, also if the poll panics. So the cells belong to the poll in progress: no
//! other thread can see or change them, a spawned task starts with empty cells, and a dropped
//! future leaves nothing behind. A future that is polled inline (a member of a set, a local task of
//! a `LocalSet`) sees the layers that poll it.
//!
//! Three cells differ. `PASSED` in `expiry.rs` keeps its value after the poll, for the outer
//! timeout that is polled next on the same thread. `TIMING_OUT` in `scope.rs` is set while a
//! timeout drops its work, not while it polls it. `SUSPENDED` in `suspension.rs` is set while a
//! panic drops a call.

mod attempt;
mod attempt_span;
mod clock;
mod clocks;
mod current_span;
mod deadline;
mod expiry;
mod scope;
mod suspension;

pub(crate) use attempt::in_attempt;
pub use attempt::{Attempt, OptionalAttempt};
pub(crate) use attempt_span::AttemptSpan;
pub(crate) use clock::Clock;
pub(crate) use current_span::CurrentSpan;
pub use deadline::{deadline, remaining, with_deadline};
pub(crate) use expiry::Expiry;
pub(crate) use scope::{timing_out, while_timing_out};
pub use suspension::{Body, body};
pub(crate) use suspension::{Suspension, WholeCall, call_panicked, polling_for};
