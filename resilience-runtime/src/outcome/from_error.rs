//! Error types that can hold a policy's error: one trait for each attribute.

/// An error type that can hold a policy's error. One trait per attribute, so that the message names
/// the attribute. The traits are called `From`, because rustc always adds "the trait … is not
/// implemented": under this name, the sentence is true and of use.
macro_rules! needed {
    ($name:ident, $message:literal) => {
        #[doc = "`E: From<resilience::Error>`, asked for by one attribute."]
        pub mod $name {
            use crate::outcome::{Error, Failure};

            #[doc = "Implemented by every type that is `From<resilience::Error>`."]
            #[diagnostic::on_unimplemented(
                message = $message,
                label = "`{Self}` is not `From<resilience::Error>`",
                note = "add a variant to `{Self}`; with thiserror: \
                    `#[error(\"{{0}}\")] Resilience(#[from] resilience::Error)`",
                note = "where `{Self}` is not yours to change, make the function return an error \
                    type that is, or `resilience::Error`",
                note = "or put a `#[fallback(…)]` above the attribute, which answers instead"
            )]
            pub trait From<E>: Sized {
                #[doc = "Error that the caller gets."]
                fn from_failure(failure: Failure<Self>) -> Self;
            }

            #[diagnostic::do_not_recommend]
            impl<E: core::convert::From<Error>> From<Error> for E {
                fn from_failure(failure: Failure<Self>) -> Self {
                    failure.into_error()
                }
            }
        }
    };
}

needed!(
    needed_by_timeout,
    "`#[timeout]` can end this call with an error of its own, \
     and the function's error type has no place for it"
);
needed!(
    needed_by_circuit_breaker,
    "`#[circuit_breaker]` can end this call with an error of its own, \
     and the function's error type has no place for it"
);
needed!(
    needed_by_bulkhead,
    "`#[bulkhead]` can end this call with an error of its own, \
     and the function's error type has no place for it"
);
needed!(
    needed_by_resilient,
    "`#[resilient]` can end this call with an error of its own, \
     and the function's error type has no place for it"
);
