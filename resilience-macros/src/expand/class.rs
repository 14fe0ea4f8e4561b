//! The class, the outcome and the text of an error.

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::code::ErrorType;
use super::context::Context;
use crate::syntax::code;

/// The class of the error that `error` refers to: by `Classify`, if its type implements the trait.
pub(super) fn class(cx: &Context<'_>, error: impl ToTokens) -> TokenStream {
    probed(&cx.private, error, &code!(resilience_class))
}

/// A `bool`: whether a fallback without `when` passes on the error that `error` refers to.
pub(super) fn is_passed_on(cx: &Context<'_>, error: impl ToTokens) -> TokenStream {
    probed(&cx.private, error, &code!(resilience_is_passed_on))
}

/// The answer of the probe to this question.
fn probed(private: &TokenStream, error: impl ToTokens, question: &TokenStream) -> TokenStream {
    code! {{
        #[allow(unused_imports)]
        use #private::{Classified as _, Searched as _, Unclassified as _};
        (&&#private::ClassProbe(#error)).#question()
    }}
}

/// The outcome of a call that ends with the error that `error` refers to.
pub(super) fn outcome(cx: &Context<'_>, error: ErrorType, reference: &TokenStream) -> TokenStream {
    let Context { private, runtime, .. } = cx;
    match error {
        ErrorType::Function => {
            let class = class(cx, reference);
            code!(#private::CallOutcome::of(#class))
        }
        ErrorType::Failure(_) => {
            let class = class(cx, code!(__error));
            code! {
                match #reference {
                    #runtime::Failure::Function(__error) => #private::CallOutcome::of(#class),
                    #runtime::Failure::Policy(__error) =>
                        #private::CallOutcome::of_policy(__error),
                }
            }
        }
    }
}

/// The cause with the text of the error that `error` refers to: by its `Display`, else its `Debug`.
pub(super) fn cause(cx: &Context<'_>, error: ErrorType, reference: &TokenStream) -> TokenStream {
    let Context { private, runtime, .. } = cx;
    let of_function = |error: &TokenStream| {
        code! {{
            #[allow(unused_imports)]
            use #private::{Debugged as _, Displayed as _, Untold as _};
            (&&#private::CauseProbe(#error)).resilience_cause()
        }}
    };
    match error {
        ErrorType::Function => of_function(reference),
        ErrorType::Failure(_) => {
            let of_function = of_function(&code!(__error));
            code! {
                match #reference {
                    #runtime::Failure::Function(__error) => #of_function,
                    #runtime::Failure::Policy(__error) => #private::Cause::display(__error),
                }
            }
        }
    }
}
