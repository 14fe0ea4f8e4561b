//! The place in which a call remembers that a fallback has answered.

use proc_macro2::TokenStream;

use crate::model::{Layer, LayerKind};
use crate::syntax::code;

/// The place in which a call remembers that a fallback has answered: its outcome if the answer is
/// `Ok`.
#[derive(Clone, Copy)]
pub(super) enum FallbackRecord {
    /// Nothing is remembered: there is no fallback.
    None,
    /// A variable: for one fallback that is the outermost layer. It is assigned at the end of the
    /// layers inside, so that the call does not keep it while it waits, and a success pays nothing.
    Variable,
    /// A cell: for several fallbacks, and for a fallback that a call may not reach.
    Cell,
}

impl FallbackRecord {
    pub(super) fn of(layers: &[Layer]) -> Self {
        let mut record = Self::None;
        for (depth, layer) in layers.iter().enumerate() {
            let LayerKind::Fallback(fallback) = &layer.kind else { continue };
            if is_detached(&layers[..depth]) {
                continue;
            }
            let is_alone = depth == 0 && fallback.answers.len() == 1;
            record = if is_alone { Self::Variable } else { Self::Cell };
        }
        record
    }

    /// The record of a fallback at this depth. Work that outlives the call has none.
    pub(super) fn at(self, depth: usize, layers: &[Layer]) -> Self {
        if is_detached(&layers[..depth]) { Self::None } else { self }
    }

    /// The declaration, before the layers.
    pub(super) fn declaration(self, private: &TokenStream) -> TokenStream {
        match self {
            Self::None => TokenStream::new(),
            Self::Variable => code!(let __answered;),
            Self::Cell => code!(let __answered = &#private::OutcomeCell::new();),
        }
    }

    /// Remembers that a fallback is asked, with what `fallback_used` returns.
    pub(super) fn set_to_fallback(self, used: &TokenStream) -> TokenStream {
        match self {
            Self::None => code!(let _ = #used;),
            Self::Variable => code!(__answered = #used;),
            Self::Cell => code!(__answered.fall_back(#used);),
        }
    }

    /// Remembers that this fallback is not asked. An answer of the function itself makes the
    /// fallbacks of the attempts before it forgotten (`is_innermost`).
    pub(super) fn set_to_own(self, private: &TokenStream, is_innermost: bool) -> TokenStream {
        match self {
            Self::Variable => code!(__answered = #private::CallOutcome::Success;),
            Self::Cell if is_innermost => code!(__answered.reset();),
            Self::None | Self::Cell => TokenStream::new(),
        }
    }

    /// The outcome of a call whose result is `Ok`.
    pub(super) fn outcome_of_ok(self, private: &TokenStream) -> TokenStream {
        match self {
            Self::None => code!(#private::CallOutcome::Success),
            Self::Variable => code!(__answered),
            Self::Cell => code!(__answered.get()),
        }
    }

    /// The outcome of a call whose result is an error with this outcome.
    pub(super) fn outcome_of_error(self, private: &TokenStream, own: &TokenStream) -> TokenStream {
        match self {
            Self::None => own.clone(),
            Self::Variable | Self::Cell => {
                let answered = self.outcome_of_ok(private);
                code!(#own.after(#answered))
            }
        }
    }
}

/// Returns true if one of these layers lets the work outlive the call.
fn is_detached(outside: &[Layer]) -> bool {
    outside.iter().any(|layer| match &layer.kind {
        LayerKind::Timeout(timeout) => timeout.detached.is_some(),
        _ => false,
    })
}
