//! Reading the function: its signature as syntax, its body as the tokens that were written.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, Pat, Result, Signature, Token, Visibility};

/// A function, taken apart as far as the expansion needs it.
pub(crate) struct Item {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) defaultness: Option<Token![default]>,
    pub(crate) signature: Signature,
    pub(crate) body: Group,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let defaultness = input.parse()?;
        let signature = input.parse()?;
        if input.peek(Token![;]) {
            return Err(input.error(
                "this function has no body to protect: put the attribute on the functions that implement it",
            ));
        }
        let body = braces(input)?;
        Ok(Self { attributes, visibility, defaultness, signature, body })
    }
}

impl Item {
    /// The names that the parameters bind.
    pub(crate) fn parameters(&self) -> Vec<&Pat> {
        let typed = self.signature.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(&*typed.pat),
            FnArg::Receiver(_) => None,
        });
        typed.collect()
    }
}

/// `{ … }`; a macro's `$body:block` has it in a group that can't be seen.
fn braces(input: ParseStream<'_>) -> Result<Group> {
    let expected = input.error("expected the function's body, in braces");
    let mut tree: TokenTree = input.parse()?;
    loop {
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return Ok(group),
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                tree = group.stream().into_iter().next().ok_or_else(|| expected.clone())?;
            }
            _ => return Err(expected),
        }
    }
}

/// Whether a name before this token begins a path, as in `config::LIMIT`: then no parameter is meant.
pub(crate) fn begins_path(next: Option<&TokenTree>) -> bool {
    matches!(next, Some(TokenTree::Punct(punct)) if punct.as_char() == ':')
}

/// Whether `name` stands anywhere in these tokens.
pub(crate) fn mentions(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
