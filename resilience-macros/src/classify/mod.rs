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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutilated::{mutilated, tokens};

    const ITEMS: [&str; 5] = [
        "#[classify(permanent, crate = ::renamed)] pub enum ApiError<'a, T: Debug = u8> where T: 'a { \
         #[classify(transient, retry_after = wait)] Busy { wait: Duration }, #[classify(transient, retry_after = 1)] Later(u8, Option<Duration>), \
         #[classify(delegate)] Inner(&'a T), #[classify(with = Self::by_status)] Status(u16, T) = 3, #[classify(ignored)] r#None, Down }",
        "#[classify(transient, retry_after = r#type)] struct Busy { r#type: Duration }",
        "#[classify(with = of)] struct Unit;",
        "union Bits { #[classify(transient)] a: u8 }",
        "#[classify(delegate = 3, retry_after(wait), 0, with = \"f\", crate = 1s, permanent)] enum Never {}",
    ];

    #[test]
    fn no_tokens_make_it_panic() {
        for item in ITEMS {
            let mutilated = mutilated(&tokens(item));
            assert!(mutilated.len() > 5);
            for item in mutilated {
                derive(item);
            }
        }
    }
}
