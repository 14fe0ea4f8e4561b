//! Attempts of a `#[retry]` that are running.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::attempt_span::AttemptSpan;
use super::scope::Scope;

thread_local! {
    /// Set while an attempt of a `#[retry]` is being polled.
    static ATTEMPT: Cell<bool> = const { Cell::new(false) };
}

pin_project! {
    /// One attempt of a `#[retry]`, so that retries inside it know that they are nested.
    #[must_use = "futures do nothing unless awaited"]
    pub struct Attempt<F> {
        span: AttemptSpan,
        #[pin]
        work: F,
    }
}

impl<F: Future> Attempt<F> {
    pub(crate) const fn new(span: AttemptSpan, work: F) -> Self {
        Self { span, work }
    }
}

impl<F: Future> Future for Attempt<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let inside = self.project();
        let _scope = Scope::enter(&ATTEMPT);
        let _span = inside.span.enter();
        inside.work.poll(cx)
    }
}

pin_project! {
    /// One attempt of a policy that may have no retry. Without a retry, retries inside it are not
    /// nested, and may retry.
    #[must_use = "futures do nothing unless awaited"]
    pub struct OptionalAttempt<F> {
        retried: Option<AttemptSpan>,
        #[pin]
        work: F,
    }
}

impl<F: Future> OptionalAttempt<F> {
    pub(crate) const fn new(retried: Option<AttemptSpan>, work: F) -> Self {
        Self { retried, work }
    }
}

impl<F: Future> Future for OptionalAttempt<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let inside = self.project();
        let _scope = inside.retried.is_some().then(|| Scope::enter(&ATTEMPT));
        let _span = inside.retried.as_ref().map(AttemptSpan::enter);
        inside.work.poll(cx)
    }
}

/// Returns `true` if this call runs inside an attempt of a `#[retry]` on the same task.
#[inline]
pub(crate) fn in_attempt() -> bool {
    ATTEMPT.get()
}
