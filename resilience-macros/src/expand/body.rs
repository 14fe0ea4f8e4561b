//! The user's code, as an async block.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Lifetime, Type};

use super::Context;

/// `{ code }` → `async { fix the output type; { code } }`
///
/// The block is where `?` and `return` of the user's code end. `move` unless the arguments are needed again.
pub(super) fn block(cx: &Context<'_>) -> TokenStream {
    let asynchronous = cx.asynchronous();
    let output = output(cx);
    let code = &cx.body.code;
    // With a label, the user's braces are none that rustc would find unnecessary. It stands where they do.
    let label = Lifetime::new("'_body", code.span_open());
    code!(#asynchronous { #output #label: #code })
}

/// A `return` that is never reached tells the compiler the type of the block, from which `?`, `collect()` and
/// `into()` in the code that follows are inferred. (After `tracing-attributes`.)
pub(super) fn output(cx: &Context<'_>) -> TokenStream {
    let Some(mut output) = cx.body.output.clone() else { return TokenStream::new() };
    HideImplTrait.visit_type_mut(&mut output);
    let output = output.to_token_stream();
    code! {
        #[allow(unreachable_code, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        if false {
            let __output: #output = loop {};
            return __output;
        }
    }
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
