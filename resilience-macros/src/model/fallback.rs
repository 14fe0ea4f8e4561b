//! `#[fallback]`

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr, ExprClosure, ExprPath};

pub(crate) struct Fallback {
    /// In order: each is used if the one before has failed.
    pub(crate) answers: Vec<Answer>,
    pub(crate) when: Option<Expr>,
}

/// A replacement for a failure.
pub(crate) enum Answer {
    /// An async function, called with the function's own arguments.
    Function(ExprPath),
    /// A value for the `Ok`.
    Value(Expr),
    /// A closure over the failure, with an async body.
    Closure(ExprClosure),
}

impl Fallback {
    /// Returns true if no failure can get past this fallback. What is no failure can: a proper
    /// answer, and the caller's mistake.
    pub(crate) fn always_answers(&self) -> bool {
        self.when.is_none() && self.answers.iter().any(|answer| matches!(answer, Answer::Value(_)))
    }

    /// Returns true if an answer is a function, which is given the function's own arguments.
    pub(crate) fn passes_arguments_on(&self) -> bool {
        self.answers.iter().any(|answer| matches!(answer, Answer::Function(_)))
    }
}

impl ToTokens for Answer {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Function(path) => path.to_tokens(tokens),
            Self::Value(value) => value.to_tokens(tokens),
            Self::Closure(closure) => closure.to_tokens(tokens),
        }
    }
}
