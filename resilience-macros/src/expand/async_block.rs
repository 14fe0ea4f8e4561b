//! The user's code, as an `async` block.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Type;
use syn::visit_mut::{self, VisitMut};

use super::context::Context;
use super::span_range::SpanRange;
use crate::syntax::code;

/// `{ code }` → `body(async { fix the output type; arguments; let owned = owned; { code } })`
///
/// `?` and `return` in the user's code leave this block. The block moves unless a layer needs the
/// arguments again. Owned clones are moved into it in any case: a borrow of a value that is not
/// `Sync` would make the future not `Send`.
pub(super) fn body(cx: &Context<'_>, arguments: &TokenStream) -> TokenStream {
    let asynchronous = cx.asynchronous();
    let output = output_hint(cx);
    let owned = cx.captures.owned.iter().map(|name| {
        let mutable = cx.parameters.is_mutable(name).then(|| code!(mut));
        code! {
            #[allow(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
            let #mutable #name = #name;
        }
    });
    // The user's braces, unchanged: rustc reports a syntax error in them once, and errors about the
    // type of the block at them. The `match` keeps rustc from calling them unnecessary.
    let code = &cx.body.code;
    let private = &cx.private;
    code!(#private::body(#asynchronous { #output #arguments #(#owned)* match () { () => #code } }))
}

/// An unreachable `return`. It shows the compiler the type of the block, from which it infers `?`,
/// `collect()` and `into()` in the code that follows. (After `tracing-attributes`.)
pub(super) fn output_hint(cx: &Context<'_>) -> TokenStream {
    let Some(output) = output_type(cx) else { return TokenStream::new() };
    // An error about the type of the code says "because of this return type", at the user's type.
    let SpanRange { start, .. } = SpanRange::of(&output);
    let value = Ident::new("__output", start);
    let returned = quote_spanned!(start=> return #value);
    code! {
        #[allow(
            unreachable_code,
            clippy::all,
            clippy::pedantic,
            clippy::nursery,
            clippy::restriction
        )]
        if false {
            let #value: #output = loop {};
            #returned;
        }
    }
}

/// The type of the block, if the signature shows it.
pub(super) fn output_type(cx: &Context<'_>) -> Option<TokenStream> {
    let mut output = cx.body.output.clone()?;
    HideImplTrait.visit_type_mut(&mut output);
    Some(output.into_token_stream())
}

/// `Result<impl Display, E>` → `Result<_, E>`: only the code itself shows which type it is.
struct HideImplTrait;

impl VisitMut for HideImplTrait {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        match ty {
            Type::ImplTrait(_) => *ty = Type::Infer(syn::parse_quote!(_)),
            _ => visit_mut::visit_type_mut(self, ty),
        }
    }
}
