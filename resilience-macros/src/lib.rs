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
//! `foreign` knows the names that arguments have in other libraries.
//! `classify` is the derive macro, with stages of its own.
#![forbid(unsafe_code)]

mod attribute;
mod check;
mod classify;
mod diagnostics;
mod driver;
mod expand;
mod foreign;
mod input;
mod markers;
mod model;
mod parse;
mod predicate;
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

// An editor shows these texts, as they are all that the macro itself has. The pages of the crate
// that re-exports the macros come before them.
attributes! {
    /// In short, `#[timeout(2s)]` ends a call that takes longer than its limit.
    ///
    /// Arguments: the limit, first, as a duration, an expression for one, or an `AdaptiveTimeout`;
    /// `cancel` (`true`): with `false` the work goes on without its caller.
    ///
    /// All arguments: <https://docs.rs/resilience-runtime/latest/resilience/attr.timeout.html>
    timeout: Timeout,
    /// In short, `#[retry(max_attempts = 4, base_delay = 100ms)]` makes another attempt, after a
    /// delay, when a failure may pass by itself.
    ///
    /// Arguments: a shared `RetryPolicy`, first, or `max_attempts` (3), `backoff` (`exponential`),
    /// `base_delay` (`1s`), `max_delay` (`60s`), `factor` (2.0), `jitter` (`full`), `max_elapsed`,
    /// `max_retry_after` (`60s`), `budget` and `nested` (`collapse`); besides `when`, `when_ok` and
    /// `clone(…)`.
    ///
    /// All arguments: <https://docs.rs/resilience-runtime/latest/resilience/attr.retry.html>
    retry: Retry,
    /// In short, `#[circuit_breaker(PAYMENT)]` rejects calls to a failing dependency at once, until
    /// probes show that it is healthy again.
    ///
    /// Arguments: a `static CircuitBreaker`, first, or the options of a breaker of the function's
    /// own, as in `failure_rate = 0.5`; besides `when` and `when_ok`.
    ///
    /// All arguments:
    /// <https://docs.rs/resilience-runtime/latest/resilience/attr.circuit_breaker.html>
    circuit_breaker: CircuitBreaker,
    /// In short, `#[bulkhead(max_concurrent = 10)]` limits the number of calls that run at once;
    /// other calls wait in a queue, or are rejected.
    ///
    /// Arguments: a `static Bulkhead`, first, or `max_concurrent`, `max_queue` and `max_wait`.
    ///
    /// All arguments: <https://docs.rs/resilience-runtime/latest/resilience/attr.bulkhead.html>
    bulkhead: Bulkhead,
    /// In short, `#[rate_limiter(per_second = 20)]` limits the number of calls in a time; other
    /// calls wait for their turns, or are rejected.
    ///
    /// Arguments: a `static RateLimiter`, first, or `per_second`, `per`, `burst`, `max_wait` and
    /// `obey_retry_after`; besides `cost`.
    ///
    /// All arguments: <https://docs.rs/resilience-runtime/latest/resilience/attr.rate_limiter.html>
    rate_limiter: RateLimiter,
    /// In short, `#[fallback(cached)]` gives another answer when the call has failed.
    ///
    /// Arguments: the answers, in order: a function with the same parameters, a closure over the
    /// failure, or `value = …`; besides `when`.
    ///
    /// All arguments: <https://docs.rs/resilience-runtime/latest/resilience/attr.fallback.html>
    fallback: Fallback,
    /// In short, `#[resilient(PAYMENT)]` wraps the function in all the layers of a `Policy`, in a
    /// fixed order.
    ///
    /// Arguments: a `static Policy`, or an expression that derefs to one.
    ///
    /// All arguments: <https://docs.rs/resilience-runtime/latest/resilience/attr.resilient.html>
    resilient: Resilient,
}

/// In short, `#[derive(Classify)]` gives each kind of error a class, by `#[classify(transient)]`
/// and its like on the variants.
///
/// All words: <https://docs.rs/resilience-runtime/latest/resilience/derive.Classify.html>
#[proc_macro_derive(Classify, attributes(classify))]
pub fn classify(item: TokenStream) -> TokenStream {
    classify::derive(item.into()).into()
}
