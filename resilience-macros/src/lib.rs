//! The attributes of `resilience-runtime`, which re-exports and documents them: depend on that crate.
//!
//! A stack goes through four stages, each a module:
//!
//! 1. `stack`: the attribute that rustc reaches first takes the others off the item, in written order.
//! 2. `args`: each attribute's tokens become a plain struct. Wrong arguments are reported here.
//! 3. `check`: what only shows when the layers are seen together.
//! 4. `expand`: the layers are wrapped around the body, from the inside out.
//!
//! `classify` is the derive macro, with stages of its own.
#![forbid(unsafe_code)]

/// `quote!` whose local names can't meet the user's.
macro_rules! code {
    ($($tokens:tt)*) => { quote::quote_spanned!(proc_macro2::Span::mixed_site()=> $($tokens)*) };
}

mod args;
mod check;
mod classify;
mod expand;
mod frame;
mod item;
mod output;
mod report;
mod stack;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

use crate::args::Kind;

macro_rules! attributes {
    ($($(#[$doc:meta])* $name:ident: $kind:ident,)*) => {$(
        $(#[$doc])*
        #[proc_macro_attribute]
        pub fn $name(args: TokenStream, item: TokenStream) -> TokenStream {
            stack::expand(Kind::$kind, args.into(), &item.into()).into()
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
