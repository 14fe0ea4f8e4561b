//! The span of the task that hands its work to another task. Without the feature `tracing` the span
//! is an empty type, and costs nothing.

#[cfg(feature = "tracing")]
#[derive(Debug)]
pub(crate) struct CurrentSpan(tracing::Span);

#[cfg(feature = "tracing")]
impl CurrentSpan {
    /// Returns the span of the running code.
    pub(crate) fn new() -> Self {
        Self(tracing::Span::current())
    }

    /// Enters the span until the guard is dropped.
    pub(crate) fn enter(&self) -> tracing::span::Entered<'_> {
        self.0.enter()
    }
}

#[cfg(not(feature = "tracing"))]
#[derive(Debug)]
pub(crate) struct CurrentSpan;

#[cfg(not(feature = "tracing"))]
impl CurrentSpan {
    pub(crate) const fn new() -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "the signature of the variant with the feature")]
    pub(crate) const fn enter(&self) -> super::attempt_span::Entered {
        super::attempt_span::Entered
    }
}
