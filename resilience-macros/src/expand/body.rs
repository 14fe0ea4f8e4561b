//! The user's code, as an async block.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Lifetime, Type};

use super::Context;

/// `{ code }` → `async { fix the output type; let owned = owned; { code } }`
///
/// The block is where `?` and `return` of the user's code end. `move` unless the arguments are needed again; what is its own
/// is moved in all the same, as a borrow of something that is not `Sync` would make the future not `Send`.
pub(super) fn block(cx: &Context<'_>) -> TokenStream {
    let asynchronous = cx.asynchronous();
    let output = output(cx);
    let owned = cx.owned.iter().map(|name| {
        let mutable = cx.is_mutable(name).then(|| code!(mut));
        code! {
            #[allow(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
            let #mutable #name = #name;
        }
    });
    let code = &cx.body.code;
    // With a label, the user's braces are none that rustc would find unnecessary. It stands where they do.
    let label = Lifetime::new("'_body", code.span_open());
    code!(#asynchronous { #output #(#owned)* #label: #code })
}

/// A `return` that is never reached tells the compiler the type of the block, from which `?`, `collect()` and
/// `into()` in the code that follows are inferred. (After `tracing-attributes`.)
pub(super) fn output(cx: &Context<'_>) -> TokenStream {
    let Some(output) = output_type(cx) else { return TokenStream::new() };
    code! {
        #[allow(unreachable_code, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        if false {
            let __output: #output = loop {};
            return __output;
        }
    }
}

/// The type of the block, where the signature says it.
pub(super) fn output_type(cx: &Context<'_>) -> Option<TokenStream> {
    let mut output = cx.body.output.clone()?;
    HideImplTrait.visit_type_mut(&mut output);
    Some(output.into_token_stream())
}

/// `Result<impl Display, E>` → `Result<_, E>`: only the code itself can say which type that is.
struct HideImplTrait;

impl VisitMut for HideImplTrait {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        match ty {
            Type::ImplTrait(_) => *ty = Type::Infer(syn::parse_quote!(_)),
            _ => visit_mut::visit_type_mut(self, ty),
        }
    }
}
