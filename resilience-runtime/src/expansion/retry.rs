//! `#[retry]`: a retry policy, or that of a combined policy.

use std::future::Future;
use std::time::Duration;

use resilience_options::BackoffKind;

use crate::function::Function;
use crate::policy::combined::Policy;
use crate::policy::retry::{CallOverrides, RetryPolicy, RetryState};
use crate::task::{Attempt, OptionalAttempt};

/// A layer that makes attempts: a retry policy, or a policy that may have one.
pub trait RetryLayer {
    /// One attempt of this work.
    type Attempt<F: Future>: Future<Output = F::Output>;

    /// The retry policy; one that makes one attempt, where there is none.
    fn retry(&self) -> &RetryPolicy;

    /// Makes the next attempt of this work.
    fn attempt<F: Future, D: CallOverrides>(
        &self,
        state: &RetryState<D>,
        function: &Function,
        work: F,
    ) -> Self::Attempt<F>;
}

/// The retry policy; one that makes one attempt, where there is none.
#[inline]
pub fn retry<L: RetryLayer>(layer: &L) -> &RetryPolicy {
    layer.retry()
}

/// Makes the next attempt of this work.
#[inline]
pub fn attempt<L: RetryLayer, F: Future, D: CallOverrides>(
    layer: &L,
    state: &RetryState<D>,
    function: &Function,
    work: F,
) -> L::Attempt<F> {
    layer.attempt(state, function, work)
}

impl RetryLayer for RetryPolicy {
    type Attempt<F: Future> = Attempt<F>;

    #[inline]
    fn retry(&self) -> &RetryPolicy {
        self
    }

    #[inline]
    fn attempt<F: Future, D: CallOverrides>(
        &self,
        state: &RetryState<D>,
        function: &Function,
        work: F,
    ) -> Attempt<F> {
        state.attempt(function, work)
    }
}

impl RetryLayer for Policy {
    type Attempt<F: Future> = OptionalAttempt<F>;

    #[inline]
    fn retry(&self) -> &RetryPolicy {
        self.retry_or_once()
    }

    #[inline]
    fn attempt<F: Future, D: CallOverrides>(
        &self,
        state: &RetryState<D>,
        function: &Function,
        work: F,
    ) -> OptionalAttempt<F> {
        state.optional_attempt(self.retry_or_once(), function, work)
    }
}

/// Backoff in the registry's policy of an attribute whose own backoff is an expression: the
/// expression is evaluated after each failure, and this is never called.
pub const BACKOFF_OF_THE_CALL: BackoffKind = BackoffKind::Custom(|_| Duration::ZERO);
