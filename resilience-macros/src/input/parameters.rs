//! The names that a function's parameters bind.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::function::Function;
use crate::syntax::mentions;

/// The patterns of a function's parameters, as tokens.
pub(crate) struct Parameters(TokenStream);

impl Parameters {
    /// `bindings` are `let` statements that bind the arguments again.
    pub(crate) fn of(function: &Function, bindings: &TokenStream) -> Self {
        let patterns = function.patterns();
        Self(quote!(#(#patterns)* #bindings))
    }

    /// Returns true if a parameter binds `name`.
    pub(crate) fn binds(&self, name: &Ident) -> bool {
        mentions(self.0.clone(), &name.to_string())
    }

    /// Returns true if the parameter `name` is declared `mut`.
    pub(crate) fn is_mutable(&self, name: &Ident) -> bool {
        is_mutable(self.0.clone(), name)
    }

    /// These names in the order of the parameters.
    pub(crate) fn in_order<'n>(&self, names: &'n [Ident]) -> Vec<&'n Ident> {
        let mut sorted: Vec<&Ident> = names.iter().collect();
        let bound = identifiers(self.0.clone());
        sorted.sort_by_key(|name| bound.iter().position(|bound| bound == *name));
        sorted
    }

    /// Returns true if an attribute's argument may use one of the parameters: by its name, or in a
    /// format string.
    pub(crate) fn are_used_in(&self, argument: impl ToTokens) -> bool {
        argument.to_token_stream().into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident == "self" || self.binds(&ident),
            TokenTree::Group(group) => self.are_used_in(group.stream()),
            TokenTree::Literal(literal) => literal.to_string().contains('{'),
            TokenTree::Punct(_) => false,
        })
    }
}

/// All identifiers among these tokens.
fn identifiers(tokens: TokenStream) -> Vec<Ident> {
    let of_token = |token| match token {
        TokenTree::Ident(ident) => vec![ident],
        TokenTree::Group(group) => identifiers(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => Vec::new(),
    };
    tokens.into_iter().flat_map(of_token).collect()
}

/// Returns true if `mut name` occurs anywhere in these tokens.
fn is_mutable(tokens: TokenStream, name: &Ident) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let declares_it = |pair: &[TokenTree]| match pair {
        [TokenTree::Ident(keyword), TokenTree::Ident(declared)] => {
            keyword == "mut" && declared == name
        }
        _ => false,
    };
    let is_inside = |token: TokenTree| match token {
        TokenTree::Group(group) => is_mutable(group.stream(), name),
        _ => false,
    };
    tokens.windows(2).any(declares_it) || tokens.into_iter().any(is_inside)
}
