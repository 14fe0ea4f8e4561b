//! The check of arguments that a retried body consumes. `#[retry]` expands to it in code that never
//! runs.

/// Asks how the body uses an argument that it names as a whole, by method resolution:
/// `(&&&ArgumentProbe(&argument)).resilience_use()` finds [`Copied`] first, then [`Reborrowed`],
/// then [`Consumed`].
#[derive(Debug)]
pub struct ArgumentProbe<'a, T>(pub &'a T);

/// An argument that is there for each attempt.
#[derive(Debug)]
pub struct LentArgument;

/// An argument that the first attempt takes.
#[derive(Debug)]
pub struct ConsumedArgument;

/// Found for arguments that are copied.
pub trait Copied {
    /// Kind of use.
    fn resilience_use(&self) -> LentArgument {
        LentArgument
    }
}

impl<T: Copy> Copied for &&ArgumentProbe<'_, T> {}

/// Found for arguments that a call borrows again.
pub trait Reborrowed {
    /// Kind of use.
    fn resilience_use(&self) -> LentArgument {
        LentArgument
    }
}

impl<T: ?Sized> Reborrowed for &ArgumentProbe<'_, &mut T> {}

/// Found for all other arguments.
pub trait Consumed {
    /// Kind of use.
    fn resilience_use(&self) -> ConsumedArgument {
        ConsumedArgument
    }
}

impl<T> Consumed for ArgumentProbe<'_, T> {}
