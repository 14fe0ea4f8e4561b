//! The source of an error's class for a `call` that no attribute makes.

use super::class::Class;
use super::classify::Classify;
use super::error_text::Cause;
use super::failure::Failure;

/// Says what an error means to the policies: for `call` its type does, for `call_with` a function.
pub(crate) trait Classifier<E> {
    fn class(&self, error: &E) -> Class;

    fn cause<'e>(&self, error: &'e E) -> Cause<'e>;

    /// Class of a failure: a policy's error has its own.
    fn class_of(&self, failure: &Failure<E>) -> Class {
        match failure {
            Failure::Function(error) => self.class(error),
            Failure::Policy(error) => error.classify(),
        }
    }

    /// Cause of a failure.
    fn cause_of<'e>(&self, failure: &'e Failure<E>) -> Cause<'e> {
        match failure {
            Failure::Function(error) => self.cause(error),
            Failure::Policy(error) => error.cause(),
        }
    }
}

/// Asks the error itself.
pub(crate) struct ByType;

impl<E: Classify> Classifier<E> for ByType {
    fn class(&self, error: &E) -> Class {
        error.classify()
    }

    fn cause<'e>(&self, error: &'e E) -> Cause<'e> {
        error.cause()
    }
}

/// Asks a function, which knows no text.
pub(crate) struct ByFunction<F>(pub(crate) F);

impl<E, F: Fn(&E) -> Class> Classifier<E> for ByFunction<F> {
    fn class(&self, error: &E) -> Class {
        (self.0)(error)
    }

    fn cause<'e>(&self, _: &'e E) -> Cause<'e> {
        Cause::UNKNOWN
    }
}
