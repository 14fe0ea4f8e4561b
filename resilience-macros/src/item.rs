//! Reading the function: its signature as syntax, its body as the tokens that were written.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, FnArg, Pat, PatIdent, ReceiverKind, Result, Signature, Token, Type, Visibility,
};

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

    /// Whether each argument can be copied, all of them at little cost, and none is changed: then the body may have copies, where it would else borrow.
    pub(crate) fn has_only_copies(&self) -> bool {
        let words = self.signature.inputs.iter().map(|input| match input {
            FnArg::Receiver(receiver) => {
                matches!(receiver.kind, ReceiverKind::Reference(_, _, None)).then_some(1)
            }
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(PatIdent { by_ref: None, mutability: None, subpat: None, .. }) => {
                    self.words(&typed.ty)
                }
                _ => None,
            },
        });
        words.sum::<Option<usize>>().is_some_and(|words| words <= COPIED_WORDS)
    }

    /// The size of this type if it is `Copy`, as far as that can be told from how it is written.
    fn words(&self, ty: &Type) -> Option<usize> {
        match ty {
            Type::Reference(reference) => reference.mutability.is_none().then_some(2),
            Type::Tuple(tuple) => tuple.elems.iter().map(|ty| self.words(ty)).sum(),
            Type::Paren(inner) => self.words(&inner.elem),
            Type::Group(inner) => self.words(&inner.elem),
            Type::Path(path) => {
                let name = path.path.get_ident()?;
                let is_generic =
                    self.signature.generics.type_params().any(|generic| generic.ident == *name);
                words_of_scalar(&name.to_string()).filter(|_| !is_generic)
            }
            _ => None,
        }
    }
}

/// More are rather borrowed: they would stand in the call's future twice.
const COPIED_WORDS: usize = 4;

/// How many words a type of this name has, if it is `Copy` by its name.
fn words_of_scalar(name: &str) -> Option<usize> {
    match name {
        "bool" | "char" | "f32" | "f64" | "i8" | "i16" | "i32" | "i64" | "isize" | "u8" | "u16"
        | "u32" | "u64" | "usize" => Some(1),
        "i128" | "u128" => Some(2),
        _ => None,
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
