//! Functions that do not unwind.
//!
//! An annotated function is a future with guards in it, such as the admission of a breaker and the
//! counter of the call. If a function that is called while they are alive may unwind, the compiler
//! must keep them where the clean-up finds them: in memory. If no function may, it keeps them in
//! registers for as long as the call does not suspend, and a successful call costs half as much.
//!
//! So what a layer seldom does is a function of its own, out of line, declared in [`nounwind!`]. A
//! panic in it aborts the program. Nothing panics there: the only foreign code that runs in it are
//! observers, `tracing` subscribers, `metrics` recorders and wakers, and their panics are caught by
//! [`contain`](super::contain()). (The paused clock of tokio panics if it is read by the destructor
//! of a thread-local, but there any panic aborts the program.)
//!
//! Rust has no attribute for it. But a function of the C ABI does not unwind, and Rust code may
//! have that ABI and be called by Rust code.
//!
//! The comment at each use gives the instructions of a successful call without it and with it, as
//! counted once by `resilience-counted`.

/// Declares a function that does not unwind. In debug builds it is a usual function, so that a
/// panic in it can be investigated.
macro_rules! nounwind {
    ($(#[$attribute:meta])* $visibility:vis fn $($function:tt)*) => {
        #[cfg(debug_assertions)]
        $(#[$attribute])*
        $visibility fn $($function)*

        #[cfg(not(debug_assertions))]
        #[allow(improper_ctypes_definitions, reason = "only Rust calls it")]
        $(#[$attribute])*
        $visibility extern "C" fn $($function)*
    };
}

pub(crate) use nounwind;
