//! Reading the function: its signature as syntax, its body as the tokens that were written.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, Pat, ReceiverKind, Result, Signature, Token, Type, Visibility};

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

    /// Whether each argument can be copied, and none is changed: then the body may have copies, where it would else borrow.
    pub(crate) fn has_only_copies(&self) -> bool {
        self.signature.inputs.iter().all(|input| match input {
            FnArg::Receiver(receiver) => matches!(receiver.kind, ReceiverKind::Reference(_, _, None)),
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(name) => name.mutability.is_none() && name.by_ref.is_none() && is_copy(&typed.ty),
                _ => false,
            },
        })
    }
}

/// Whether this type is `Copy`, as far as it can be told from how it is written, and small: an array is rather borrowed.
fn is_copy(ty: &Type) -> bool {
    const NAMES: [&str; 16] = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64",
        "u128", "usize",
    ];
    match ty {
        Type::Reference(reference) => reference.mutability.is_none(),
        Type::Path(path) => path.path.get_ident().is_some_and(|name| NAMES.iter().any(|known| name == known)),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_copy),
        Type::Paren(inner) => is_copy(&inner.elem),
        Type::Group(inner) => is_copy(&inner.elem),
        _ => false,
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
