//! Names by which one expansion of ours recognises another.

use proc_macro2::{Ident, Span, TokenStream};
use syn::Path;

use crate::syntax::code;

/// The `static` of an expanded function: the function as the runtime knows it. No user's item may
/// have this name. A body that contains it has been expanded before.
pub(crate) const FUNCTION: &str = "__RESILIENCE_FUNCTION";

/// The argument of an attribute that only marks an import as used.
pub(crate) const USED: &str = "__resilience_used";

/// The argument of an attribute on an item that an earlier attribute has refused.
pub(crate) const REPORTED: &str = "__resilience_reported";

/// The identifier of the function's `static`.
pub(crate) fn function_static() -> Ident {
    Ident::new(FUNCTION, Span::mixed_site())
}

/// Uses the imports of attributes that were taken off: rustc has only seen the first one.
///
/// Each becomes an attribute on an item that it removes. A `use` would not do: it would also find
/// a parameter with the same name.
pub(crate) fn use_imports(taken: &[Path]) -> TokenStream {
    let used = Ident::new(USED, Span::mixed_site());
    code!(#(#[#taken(#used)] const _: () = ();)*)
}
