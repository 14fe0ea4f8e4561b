//! `#[retry]`

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::Expr;
use syn::ext::IdentExt;

use super::class::{cause, class};
use super::code::{Code, ErrorType};
use super::context::Context;
use super::layer_tokens::LayerTokens;
use super::predicate::asked;
use super::retry_plan::{PlanTokens, plan};
use super::span_range::SpanRange;
use crate::input::Consumed;
use crate::markers::function_static;
use crate::model::{InlineRetry, Layer, Retry};
use crate::syntax::code;

/// The failed result is out of scope before the sleep: an error that is not `Send` must not make
/// the future not `Send`. A `drop` is not enough, because the compiler keeps a borrowed variable
/// until the end of its scope.
///
/// ```text
/// {
///     let mut state = RetryState::new(retry(POLICY));
///     loop {
///         let delay = {
///             let result = attempt(POLICY, &state, &FUNCTION, INNER).await;
///             let class = match &result { Ok(_) => break result, Err(error) => CLASS };
///             let cause = match &result { Ok(_) => Cause::UNKNOWN, Err(error) => CAUSE };
///             match state.failed(retry(POLICY), &FUNCTION, class, cause) {
///                 NextStep::Stop => break result,
///                 NextStep::Retry(delay) => delay,
///             }
///         };
///         backoff_sleep(delay).await;
///         state.again(&FUNCTION);
///     }
/// }
/// ```
pub(super) fn wrap(cx: &Context<'_>, retry: &Retry, layer: &Layer, inner: Code) -> LayerTokens {
    let private = &cx.private;
    let function = function_static();
    let PlanTokens { statements, items, policy, of_call, listed } = plan(cx, &retry.plan);
    let retry_policy = code!(#private::retry(#policy));
    let state = match of_call {
        None => code!(#private::RetryState::new(#retry_policy)),
        Some(options) => code!(#private::RetryState::with(#retry_policy, #options)),
    };
    let clones = cx.parameters.in_order(&retry.cloned);
    let clones = clones.into_iter().map(|name| clone(cx, name));
    let (work, result) = inner.into_future(cx, code!(__output));
    let (result, error) = result.into_result(cx);
    let class = failure_class(cx, retry, error);
    let cause = cause(cx, error, &code!(__error));
    let failed = failed(cx, retry, &retry_policy);
    let attempts = code! {
        let __delay = {
            let __result = {
                #(#clones)*
                let __output = #private::attempt(#policy, &__state, &#function, #work).await;
                #result
            };
            let __class = #class;
            let __cause = match &__result {
                ::core::result::Result::Ok(_) => #private::Cause::UNKNOWN,
                ::core::result::Result::Err(__error) => #cause,
            };
            match #failed {
                #private::NextStep::Stop => break __result,
                #private::NextStep::Retry(__delay) => __delay,
            }
        };
        #private::backoff_sleep(__delay).await;
        __state.again(&#function);
    };
    // rustc explains an argument that is moved in a loop at the loop: that is the attribute.
    let attempts = quote_spanned!(layer.span=> loop { #attempts });
    let mutable = retry.cloned.iter().filter(|name| cx.parameters.is_mutable(name));
    // Only clones are changed: without this, rustc would call the parameter's `mut` unused.
    let mutable = mutable.map(|name| code!(let _ = &mut #name;));
    let needed = needed_by_each_attempt(cx, retry);
    let expression =
        code!({ #needed #statements let mut __state = #state; #(#mutable)* #attempts });
    LayerTokens { code: Code::Expression(expression, error), items, listed }
}

/// A check of each parameter that the body evidently consumes: unless its type is `Copy`, the error
/// says so at the use, and what to write. The compiler alone would point at `async`.
///
/// ```text
/// if false {
///     #[diagnostic::on_unimplemented(…)]
///     trait charge_needs_order_again: Sized { fn check(self) {} }
///     impl charge_needs_order_again for LentArgument {}
///     charge_needs_order_again::check((&&&ArgumentProbe(&order)).resilience_use());
/// }
/// ```
fn needed_by_each_attempt(cx: &Context<'_>, retry: &Retry) -> TokenStream {
    let consumed = Consumed::all(cx.function, &cx.body.code);
    let consumed = consumed.iter().filter(|argument| !retry.cloned.contains(&argument.parameter));
    consumed.map(|argument| needed_again(cx, argument)).collect()
}

fn needed_again(cx: &Context<'_>, Consumed { parameter, place }: &Consumed) -> TokenStream {
    let private = &cx.private;
    let message =
        format!("the first attempt consumes `{parameter}`, and the next one needs it again");
    let note = format!(
        "write `clone({parameter})` in the attribute, which clones it for each attempt, or borrow \
         or clone it here"
    );
    let function = cx.function.signature.ident.unraw();
    let needs = format_ident!("{function}_needs_{}_again", parameter, span = Span::mixed_site());
    let span = SpanRange::of(place).start;
    // With the user's spans, so that rustc does not point at the attribute as well.
    let probe = cx.blaming(SpanRange::at(span), &code!(__private::ArgumentProbe));
    let asked = quote_spanned!(span=> (&&&#probe(&#place)).resilience_use());
    let mut check = needs.clone();
    check.set_span(span);
    let check = quote_spanned!(span=> #check::check(#asked));
    code! {
        #[allow(
            non_camel_case_types,
            clippy::all,
            clippy::pedantic,
            clippy::nursery,
            clippy::restriction
        )]
        if false {
            #[diagnostic::on_unimplemented(
                message = #message,
                label = "consumed by each attempt",
                note = #note
            )]
            trait #needs: Sized {
                fn check(self) {}
            }
            impl #needs for #private::LentArgument {}
            use #private::{Consumed as _, Copied as _, Reborrowed as _};
            #check;
        }
    }
}

/// `let name = name.clone();`
fn clone(cx: &Context<'_>, name: &Ident) -> TokenStream {
    // An error about a type that can't be cloned points at the name.
    let span = name.span().resolved_at(Span::mixed_site());
    let clone = quote_spanned!(span=> #name = ::core::clone::Clone::clone(&#name));
    // The body changes a clone through a borrow, unless it owns the clone.
    if cx.parameters.is_mutable(name) && !cx.captures.owned.contains(&name) {
        code!(#[allow(unused_mut)] let mut #clone;)
    } else {
        code!(let #clone;)
    }
}

/// The step after a failed attempt.
///
/// A path is called as written, so that rustc names the user's function if the types differ.
fn failed(cx: &Context<'_>, retry: &Retry, policy: &TokenStream) -> TokenStream {
    let function = function_static();
    let own = retry.inline().and_then(InlineRetry::backoff_function);
    let Some(own) = own else {
        return code!(__state.failed(#policy, &#function, __class, __cause));
    };
    let delay = cx.in_body(own);
    let delay = match own {
        Expr::Path(_) => {
            let end = SpanRange::of(own).generated().end;
            let call = quote_spanned!(end=> (__attempt));
            code!(|__attempt| #delay #call)
        }
        _ => delay,
    };
    let runtime = &cx.runtime;
    code!(#runtime::backoff(&mut __state, #policy, &#function, __class, __cause, #delay))
}

/// The class of `__result`, for the retry. `break`s with a result that needs no retry.
fn failure_class(cx: &Context<'_>, retry: &Retry, error: ErrorType) -> TokenStream {
    let Context { private, runtime, .. } = cx;
    let by_type = class(cx, code!(__error));
    let of_function = match &retry.when {
        Some(when) => {
            let asked = asked(cx, when, &code!(__error));
            code!(#private::retry_when(#asked, #by_type))
        }
        None => by_type,
    };
    let ok = retry.when_ok.as_ref().map(|when_ok| {
        let asked = asked(cx, when_ok, &code!(__value));
        code!(::core::result::Result::Ok(__value) if #asked => #runtime::Class::Transient,)
    });
    let err = match error {
        ErrorType::Function => code!(::core::result::Result::Err(__error) => #of_function,),
        ErrorType::Failure(_) => code! {
            ::core::result::Result::Err(#runtime::Failure::Function(__error)) => #of_function,
            ::core::result::Result::Err(#runtime::Failure::Policy(__error)) =>
                #runtime::Classify::classify(__error),
        },
    };
    code! {
        match &__result {
            #ok
            ::core::result::Result::Ok(_) => break __result,
            #err
        }
    }
}
