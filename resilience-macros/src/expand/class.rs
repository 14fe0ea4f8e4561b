//! The class of an error.

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::context::Context;
use crate::syntax::code;

/// The class of the error that `error` refers to: by `Classify`, if its type implements the trait.
pub(super) fn class(cx: &Context<'_>, error: impl ToTokens) -> TokenStream {
    let private = &cx.private;
    code! {{
        #[allow(unused_imports)]
        use #private::{Classified as _, Unclassified as _};
        (&#private::ClassProbe(#error)).resilience_class()
    }}
}
