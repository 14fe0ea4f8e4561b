//! `#[derive(Classify)]`, in stages: `read` makes plain structs of what is written, `check` holds the rules and finds the one answer of each
//! variant, `expand` writes the impl.

mod check;
mod expand;
mod read;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::report::Report;

/// Whatever is wrong, the trait is implemented: those who ask for the class must not break too.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let item: DeriveInput = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => return error.into_compile_error(),
    };
    let mut report = Report::default();
    let read = read::item(&item, &mut report);
    let cases = check::item(&read, &mut report);
    if report.is_empty() {
        expand::implementation(&read, &cases)
    } else {
        expand::placeholder(&read, report)
    }
}
