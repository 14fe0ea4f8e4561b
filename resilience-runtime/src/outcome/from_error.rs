//! Error types that can hold a policy's error: one trait for each attribute.

use super::error::Error;
use super::failure::Failure;

/// An error type that can hold a policy's error. One trait per attribute, so that the message names
/// the attribute.
macro_rules! needed {
    ($name:ident, $message:literal) => {
        #[doc = "`E: From<resilience::Error>`, asked for by one attribute."]
        #[diagnostic::on_unimplemented(
            message = $message,
            label = "`{Self}` is not `From<resilience::Error>`",
            note = "add a variant to `{Self}`; with thiserror: \
                `#[error(\"{{0}}\")] Resilience(#[from] resilience::Error)`",
            note = "where `{Self}` is not yours to change, make the function return an error \
                type that is, or `resilience::Error`",
            note = "or put a `#[fallback(…)]` without `when` above the attribute, which answers \
                instead"
        )]
        pub trait $name: Sized {
            #[doc = "Error that the caller gets."]
            fn from_failure(failure: Failure<Self>) -> Self;
        }

        #[diagnostic::do_not_recommend]
        impl<E: From<Error>> $name for E {
            fn from_failure(failure: Failure<Self>) -> Self {
                failure.into_error()
            }
        }
    };
}

needed!(
    FromTimeoutError,
    "`#[timeout]` can end this call with an error of its own, \
     and the function's error type has no place for it"
);
needed!(
    FromCircuitBreakerError,
    "`#[circuit_breaker]` can end this call with an error of its own, \
     and the function's error type has no place for it"
);
needed!(
    FromBulkheadError,
    "`#[bulkhead]` can end this call with an error of its own, \
     and the function's error type has no place for it"
);
needed!(
    FromRateLimiterError,
    "`#[rate_limiter]` can end this call with an error of its own, \
     and the function's error type has no place for it"
);
needed!(
    FromResilientError,
    "`#[resilient]` can end this call with an error of its own, \
     and the function's error type has no place for it"
);
