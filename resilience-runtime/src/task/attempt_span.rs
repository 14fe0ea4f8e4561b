//! The span of an attempt: everything that is logged inside it says which attempt it belongs to.
//! Without the feature `tracing` there is none, and nothing is left of this.

#[cfg(feature = "tracing")]
#[derive(Debug)]
pub(crate) struct AttemptSpan(tracing::Span);

#[cfg(feature = "tracing")]
impl AttemptSpan {
    /// Of one attempt; the first call is 1.
    pub(crate) fn new(function: &'static str, attempt: u32) -> Self {
        Self(tracing::debug_span!(target: "resilience", "attempt", function, attempt))
    }

    /// What runs until the guard is dropped runs inside the span.
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

    #[expect(clippy::unused_self, reason = "with the feature there is one")]
    pub(crate) const fn enter(&self) -> Entered {
        Entered
    }
}

/// Nothing, until it is dropped.
#[cfg(not(feature = "tracing"))]
pub(crate) struct Entered;
