//! The stages of the derive macro.

use proc_macro2::TokenStream;
use syn::DeriveInput;

use super::{check, expand, read};
use crate::diagnostics::Diagnostics;

/// Implements `Classify`, even if something is wrong, so that its users compile.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let item: DeriveInput = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => return error.into_compile_error(),
    };
    let mut diagnostics = Diagnostics::default();
    let classified = read::classified_type(&item, &mut diagnostics);
    let cases = check::cases(&classified, &mut diagnostics);
    match diagnostics.finish() {
        Ok(()) => expand::implementation(&classified, &cases),
        Err(errors) => expand::placeholder(&classified, &errors),
    }
}
