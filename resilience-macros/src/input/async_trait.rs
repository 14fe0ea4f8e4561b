//! The code that `#[async_trait]` writes around a method's body.

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};
use quote::quote;
use syn::Signature;

use crate::syntax::{in_braces_of, is_ident, mentions};

/// Returns true for a function that `#[async_trait]` has expanded: its futures have a lifetime of
/// that name.
pub(super) fn has_expanded(signature: &Signature) -> bool {
    mentions(quote!(#signature), "async_trait")
}

/// Splits off the statements that `#[async_trait]` writes before the user's code: first a
/// statement that fixes the return type, then one `let` per argument. These move the arguments
/// once, so they must stay outside of code that may run again.
///
/// `{ if let … { … } let __self = self; let a = a; code }` → `if let … let a = a;`, `__self`,
/// `{ code }`
pub(super) fn split_prologue(code: &Group) -> (TokenStream, Option<Ident>, Group) {
    let tokens: Vec<TokenTree> = code.stream().into_iter().collect();
    let mut end = 0;
    let mut receiver = None;
    while let Some(statement) = prologue_statement(&tokens[end..]) {
        end += statement.length;
        receiver = statement.receiver.or(receiver);
    }
    let mut tokens = tokens.into_iter();
    let prologue = tokens.by_ref().take(end).collect();
    (prologue, receiver, in_braces_of(code, tokens.collect()))
}

struct PrologueStatement {
    /// Number of tokens.
    length: usize,
    /// `__self` in `let __self = self;`
    receiver: Option<Ident>,
}

/// The statement at the start of `rest`, if `#[async_trait]` writes such a statement.
fn prologue_statement(rest: &[TokenTree]) -> Option<PrologueStatement> {
    if is_ident(rest.first(), "if") {
        let is_block = |token: &TokenTree| match token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        let block = rest.iter().position(is_block)?;
        return Some(PrologueStatement { length: block + 1, receiver: None });
    }
    if !is_ident(rest.first(), "let") {
        return None;
    }
    let semicolon = rest.iter().position(|token| is_lone_punct(token, ';'))?;
    let [pattern @ .., equals, value] = &rest[..semicolon] else { return None };
    if !is_lone_punct(equals, '=') || !is_argument(value) {
        return None;
    }
    let receiver = match pattern.last() {
        Some(TokenTree::Ident(name)) if is_ident(Some(value), "self") => Some(name.clone()),
        _ => None,
    };
    Some(PrologueStatement { length: semicolon + 1, receiver })
}

/// Returns true for `a`, and for `{ let __arg1 = __arg1; __arg1 }`, which a pattern takes apart.
fn is_argument(value: &TokenTree) -> bool {
    let TokenTree::Group(block) = value else { return matches!(value, TokenTree::Ident(_)) };
    let tokens: Vec<TokenTree> = block.stream().into_iter().collect();
    let [
        TokenTree::Ident(keyword),
        TokenTree::Ident(bound),
        _,
        TokenTree::Ident(argument),
        _,
        last,
    ] = &*tokens
    else {
        return false;
    };
    keyword == "let" && bound == argument && is_ident(Some(last), &argument.to_string())
}

/// Returns true for a punctuation that is not joined with the next one, as in `==`.
fn is_lone_punct(token: &TokenTree, wanted: char) -> bool {
    match token {
        TokenTree::Punct(punct) => punct.as_char() == wanted && punct.spacing() == Spacing::Alone,
        _ => false,
    }
}
