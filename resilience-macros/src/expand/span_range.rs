//! Spans of the user's tokens.

use proc_macro2::Span;
use quote::ToTokens;

/// The first and the last span of something the user wrote. rustc joins the two if it reports an
/// error about an expression that starts at one and ends at the other.
#[derive(Clone, Copy)]
pub(super) struct SpanRange {
    pub(super) start: Span,
    pub(super) end: Span,
}

impl SpanRange {
    pub(super) const fn at(span: Span) -> Self {
        Self { start: span, end: span }
    }

    pub(super) fn of(written: &(impl ToTokens + ?Sized)) -> Self {
        let mut spans = written.to_token_stream().into_iter().map(|token| token.span());
        let start = spans.next().unwrap_or_else(Span::call_site);
        Self { start, end: spans.last().unwrap_or(start) }
    }

    /// The same locations, with the hygiene of generated code.
    pub(super) fn generated(self) -> Self {
        let [start, end] = [self.start, self.end].map(|span| span.resolved_at(Span::mixed_site()));
        Self { start, end }
    }
}
