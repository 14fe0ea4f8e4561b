//! Mistakes, collected so that all of them are reported at once.
//!
//! A function that finds at most one mistake returns a `syn::Result`. A function that can find
//! several takes `&mut Diagnostics`, and returns `Err(Reported)` if what it reads is unusable.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Error;

/// Every mistake found so far.
///
/// [`finish`](Self::finish) ends it: in debug builds, dropping an unfinished list with a mistake in
/// it panics.
#[derive(Default)]
#[must_use = "mistakes must reach the user: call `finish`"]
pub(crate) struct Diagnostics(Option<Error>);

/// Proof that a mistake has been reported.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reported(());

impl Diagnostics {
    pub(crate) fn push(&mut self, error: Error) -> Reported {
        match &mut self.0 {
            Some(all) => all.combine(error),
            none => *none = Some(error),
        }
        Reported(())
    }

    pub(crate) fn at(&mut self, span: Span, message: impl std::fmt::Display) -> Reported {
        self.push(Error::new(span, message))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the mistakes as tokens, if there are any.
    pub(crate) fn finish(mut self) -> Result<(), CompileErrors> {
        self.0.take().map_or(Ok(()), |error| Err(error.into()))
    }
}

impl Drop for Diagnostics {
    fn drop(&mut self) {
        debug_assert!(
            self.is_empty() || std::thread::panicking(),
            "mistakes were found and not reported: {:?}",
            self.0
        );
    }
}

/// Mistakes as tokens: rustc reports them wherever they are emitted.
#[must_use = "mistakes must reach the user: emit them"]
#[derive(Debug)]
pub(crate) struct CompileErrors(TokenStream);

impl From<Error> for CompileErrors {
    fn from(error: Error) -> Self {
        Self(error.into_compile_error())
    }
}

impl ToTokens for CompileErrors {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_mistake() -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        diagnostics.at(Span::call_site(), "a mistake");
        diagnostics
    }

    #[test]
    #[should_panic(expected = "mistakes were found and not reported")]
    #[cfg(debug_assertions)]
    fn mistakes_can_not_be_dropped_unread() {
        drop(one_mistake());
    }

    #[test]
    fn each_mistake_becomes_a_compile_error() {
        let mut diagnostics = one_mistake();
        diagnostics.at(Span::call_site(), "another mistake");
        let errors =
            diagnostics.finish().expect_err("there are two").into_token_stream().to_string();
        assert_eq!(errors.matches("compile_error").count(), 2, "{errors}");
    }

    #[test]
    fn no_mistake_is_no_error() {
        assert!(Diagnostics::default().finish().is_ok());
    }
}
