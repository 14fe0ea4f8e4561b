//! The function without its layers, for attributes with mistakes.

use proc_macro2::{Group, TokenStream};
use quote::quote;

use crate::diagnostics::CompileErrors;
use crate::input::{Function, split_inner_attributes};
use crate::markers::use_imports;
use crate::model::Stack;
use crate::syntax::code;

/// The function as it was written, with the errors in its body.
///
/// Its callers still find it, and items that only the attributes name do not become unused. The
/// errors come before the code, so that rustc reports nothing about the types of the expressions.
pub(crate) fn unexpanded(
    stack: &Stack,
    function: &Function,
    errors: &CompileErrors,
) -> TokenStream {
    let imports = use_imports(&stack.taken);
    let mentioned = &stack.options.mentioned;
    let Function { attributes, visibility, defaultness, signature, body } = function;
    let (inner_attributes, code) = split_inner_attributes(body.stream());
    let mentioned = code! {
        #[allow(unused, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        if false {
            #errors
            #(let _ = &(#mentioned);)*
        }
    };
    let block = quote!(#inner_attributes #imports #mentioned #code);
    let mut block = Group::new(body.delimiter(), block);
    block.set_span(body.span());
    quote!(#(#attributes)* #visibility #defaultness #signature #block)
}
