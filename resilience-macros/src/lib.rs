//! The attributes of `resilience-runtime`, which re-exports and documents them: depend on that
//! crate.
//!
//! `driver` takes a stack of attributes through these stages, each a module:
//!
//! 1. `input`: reads the function, and finds its asynchronous code.
//! 2. `parse`: takes the other attributes off the function, and reads the arguments of each into
//!    the plain data of `model`. Reports wrong arguments.
//! 3. `check`: applies the rules about layers together.
//! 4. `expand`: wraps the layers around the body, from the inside out.
//!
//! `attribute` lists the attributes and their arguments, `diagnostics` collects mistakes.
//! `classify` is the derive macro, with stages of its own.
#![forbid(unsafe_code)]

mod attribute;
mod check;
mod classify;
mod diagnostics;
mod driver;
mod expand;
mod input;
mod markers;
mod model;
mod parse;
mod syntax;
#[cfg(test)]
mod tests;
mod wording;

use proc_macro::TokenStream;

use crate::attribute::AttributeKind;

macro_rules! attributes {
    ($($(#[$doc:meta])* $name:ident: $kind:ident,)*) => {$(
        $(#[$doc])*
        #[proc_macro_attribute]
        pub fn $name(arguments: TokenStream, item: TokenStream) -> TokenStream {
            driver::expand(AttributeKind::$kind, arguments.into(), &item.into()).into()
        }
    )*};
}

attributes! {
    /// Documented as `resilience::timeout`.
    timeout: Timeout,
    /// Documented as `resilience::retry`.
    retry: Retry,
    /// Documented as `resilience::circuit_breaker`.
    circuit_breaker: CircuitBreaker,
    /// Documented as `resilience::bulkhead`.
    bulkhead: Bulkhead,
    /// Documented as `resilience::fallback`.
    fallback: Fallback,
    /// Documented as `resilience::resilient`.
    resilient: Resilient,
}

/// Documented as `resilience::Classify`.
#[proc_macro_derive(Classify, attributes(classify))]
pub fn classify(item: TokenStream) -> TokenStream {
    classify::derive(item.into()).into()
}
