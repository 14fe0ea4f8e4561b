//! Reading a function: its signature as syntax, its body as the tokens that were written.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, FnArg, Pat, PatIdent, PathSegment, ReceiverKind, Result, Signature, Token, Type,
    Visibility,
};

/// A function, taken apart as far as the expansion needs it.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) defaultness: Option<Token![default]>,
    pub(crate) signature: Signature,
    pub(crate) body: Group,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let defaultness = input.parse()?;
        let signature = input.parse()?;
        if input.peek(Token![;]) {
            return Err(input.error(
                "this function has no body: write the attribute on the functions that implement it",
            ));
        }
        let body = braces(input)?;
        Ok(Self { attributes, visibility, defaultness, signature, body })
    }
}

/// `{ … }`; a macro's `$body:block` is in an invisible group.
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

impl Function {
    /// The patterns of the parameters, without `self`.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = &Pat> {
        self.signature.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(&*typed.pat),
            FnArg::Receiver(_) => None,
        })
    }

    /// Returns true if all arguments can be copied at little cost and none is `mut`. The body can
    /// then have copies of arguments that it would otherwise borrow.
    pub(crate) fn has_only_copies(&self) -> bool {
        let sizes = self.signature.inputs.iter().map(|input| match input {
            FnArg::Receiver(receiver) => {
                matches!(receiver.kind, ReceiverKind::Reference(_, _, None)).then_some(1)
            }
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(PatIdent { by_ref: None, mutability: None, subpat: None, .. }) => {
                    self.size_of_copy(&typed.ty)
                }
                _ => None,
            },
        });
        sizes.sum::<Option<usize>>().is_some_and(|size| size <= MAX_COPIED)
    }

    /// Returns false if the type of the argument evidently does nothing when it is dropped.
    pub(crate) fn may_drop(&self, argument: &FnArg) -> bool {
        match argument {
            FnArg::Receiver(receiver) => match &receiver.kind {
                ReceiverKind::Reference(..) => false,
                ReceiverKind::Typed(_, ty) => self.type_may_drop(ty),
                _ => true,
            },
            FnArg::Typed(typed) => self.type_may_drop(&typed.ty),
        }
    }

    fn type_may_drop(&self, ty: &Type) -> bool {
        match ty {
            Type::Reference(_) | Type::Ptr(_) | Type::FnPtr(_) | Type::Never(_) => false,
            Type::Tuple(tuple) => tuple.elems.iter().any(|ty| self.type_may_drop(ty)),
            Type::Array(array) => self.type_may_drop(&array.elem),
            Type::Paren(inner) => self.type_may_drop(&inner.elem),
            Type::Group(inner) => self.type_may_drop(&inner.elem),
            Type::Path(path) => {
                let is_moment = |last: &PathSegment| {
                    last.arguments.is_none()
                        && (last.ident == "Duration" || last.ident == "Instant")
                };
                !self.is_copied(ty) && !path.path.segments.last().is_some_and(is_moment)
            }
            _ => true,
        }
    }

    /// Returns true if the spelling of the type shows that it is `Copy`.
    pub(crate) fn is_copied(&self, ty: &Type) -> bool {
        self.size_of_copy(ty).is_some()
    }

    /// The size of a type in pointers, if its spelling shows that it is `Copy`.
    fn size_of_copy(&self, ty: &Type) -> Option<usize> {
        match ty {
            Type::Reference(reference) => reference.mutability.is_none().then_some(2),
            Type::Tuple(tuple) => tuple.elems.iter().map(|ty| self.size_of_copy(ty)).sum(),
            Type::Paren(inner) => self.size_of_copy(&inner.elem),
            Type::Group(inner) => self.size_of_copy(&inner.elem),
            Type::Path(path) => {
                let name = path.path.get_ident()?;
                let is_generic =
                    self.signature.generics.type_params().any(|generic| generic.ident == *name);
                size_of_scalar(&name.to_string()).filter(|_| !is_generic)
            }
            _ => None,
        }
    }
}

/// Largest copied arguments, in pointers. A call's future contains copies twice, so that larger
/// arguments are borrowed.
const MAX_COPIED: usize = 4;

/// The size in pointers of the scalar type with this name.
fn size_of_scalar(name: &str) -> Option<usize> {
    match name {
        "bool" | "char" | "f32" | "f64" | "i8" | "i16" | "i32" | "i64" | "isize" | "u8" | "u16"
        | "u32" | "u64" | "usize" => Some(1),
        "i128" | "u128" => Some(2),
        _ => None,
    }
}

/// `#![a] #![b] rest` → `#![a] #![b]`, `rest`
pub(crate) fn split_inner_attributes(body: TokenStream) -> (TokenStream, TokenStream) {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    let mut end = 0;
    while let [TokenTree::Punct(hash), TokenTree::Punct(bang), TokenTree::Group(group), ..] =
        &tokens[end..]
        && hash.as_char() == '#'
        && bang.as_char() == '!'
        && group.delimiter() == Delimiter::Bracket
    {
        end += 3;
    }
    let mut tokens = tokens.into_iter();
    (tokens.by_ref().take(end).collect(), tokens.collect())
}
