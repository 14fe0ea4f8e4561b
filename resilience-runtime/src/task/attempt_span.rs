//! The span of an attempt, so that log lines inside it show the number of the attempt. Without the
//! feature `tracing` the span is an empty type, and costs nothing.

#[cfg(feature = "tracing")]
#[derive(Debug)]
pub(crate) struct AttemptSpan(tracing::Span);

#[cfg(feature = "tracing")]
impl AttemptSpan {
    /// Creates the span of one attempt. The first call is attempt 1.
    pub(crate) fn new(function: &'static str, attempt: u32) -> Self {
        Self(tracing::debug_span!(target: "resilience", "attempt", function, attempt))
    }

    /// Enters the span until the guard is dropped.
    pub(crate) fn enter(&self) -> tracing::span::Entered<'_> {
        self.0.enter()
    }
}

#[cfg(not(feature = "tracing"))]
#[derive(Debug)]
pub(crate) struct AttemptSpan;

#[cfg(not(feature = "tracing"))]
impl AttemptSpan {
    pub(crate) const fn new(_function: &'static str, _attempt: u32) -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "the signature of the variant with the feature")]
    pub(crate) const fn enter(&self) -> Entered {
        Entered
    }
}

/// Guard without effect.
#[cfg(not(feature = "tracing"))]
pub(crate) struct Entered;
