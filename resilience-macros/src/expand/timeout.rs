//! `#[timeout]`

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::accessor::{
    self, declared, is_place, is_static, named_static, policy_reference, referred,
};
use super::code::{Blame, Code, ErrorType};
use super::context::Context;
use super::layer_tokens::LayerTokens;
use super::span_range::SpanRange;
use crate::markers::function_static;
use crate::model::{Layer, Limit, Timeout, WrittenDuration};
use crate::syntax::code;

/// The work is part of the function's own future. It is dropped in place when the limit passes.
///
/// ```text
/// {
///     let limit = limit(LIMIT);
///     match timeout(limit, &FUNCTION, WORK).await {
///         Ok(output) => output,
///         Err(error) => Err(Failure::Policy(error)),
///     }
/// }
/// ```
pub(super) fn wrap(
    cx: &Context<'_>,
    timeout: &Timeout,
    depth: usize,
    layer: &Layer,
    inner: Code,
) -> LayerTokens {
    let Context { private, runtime, .. } = cx;
    let function = function_static();
    let LimitTokens { begin, succeeded, timed_out, items, listed } = limit(cx, timeout, depth);
    let (work, result) = inner.into_future(cx, code!(__output));
    let result = result.into_failure_result(cx);
    let work = match timeout.detached {
        // An error about work that can't outlive its caller points at `false`.
        Some(span) => {
            let detached = quote_spanned!(span.resolved_at(Span::mixed_site())=> run_detached);
            code!(#runtime::#detached(&#function, async move { #work.await }))
        }
        None => work,
    };
    let expression = code! {{
        #begin
        match #private::timeout(__limit, &#function, #work).await {
            ::core::result::Result::Ok(__output) => {
                let __result = #result;
                #succeeded
                __result
            }
            ::core::result::Result::Err(__error) => {
                #timed_out
                ::core::result::Result::Err(#runtime::Failure::Policy(__error))
            }
        }
    }};
    let code = Code::Expression(expression, ErrorType::Failure(Blame::on(layer)));
    LayerTokens { code, items, listed }
}

/// The limit of a call, and what to do at the end of the call.
struct LimitTokens {
    /// Statements that bind `__limit`.
    begin: TokenStream,
    /// Runs after the work, if it has ended in time.
    succeeded: TokenStream,
    /// Runs if the limit has passed.
    timed_out: TokenStream,
    items: TokenStream,
    listed: Option<TokenStream>,
}

impl LimitTokens {
    /// A limit that does not learn from calls. `layer` is a `&FixedLimit` or a `&Policy`.
    fn fixed(
        cx: &Context<'_>,
        layer: &TokenStream,
        items: TokenStream,
        listed: Option<TokenStream>,
    ) -> Self {
        let private = &cx.private;
        Self {
            begin: code!(let __limit = #private::limit(#layer);),
            succeeded: TokenStream::new(),
            timed_out: TokenStream::new(),
            items,
            listed,
        }
    }
}

fn limit(cx: &Context<'_>, timeout: &Timeout, depth: usize) -> LimitTokens {
    let accessor = accessor::name(depth);
    match &timeout.limit {
        Limit::OfPolicy => LimitTokens::fixed(cx, &policy_reference(cx), TokenStream::new(), None),
        Limit::Written(limit) if limit.is_known() => {
            constant(cx, limit, timeout.detached.is_some(), &accessor)
        }
        Limit::Written(limit) => computed(cx, limit, &accessor),
    }
}

/// A constant is kept in a `static`, so that it can be changed while the program runs.
fn constant(
    cx: &Context<'_>,
    limit: &WrittenDuration,
    is_detached: bool,
    accessor: &Ident,
) -> LimitTokens {
    let private = &cx.private;
    let limit = limit.expression();
    let items = code! {
        fn #accessor() -> &'static #private::FixedLimit {
            static __LIMIT: #private::FixedLimit =
                #private::FixedLimit::new(#limit, #is_detached);
            &__LIMIT
        }
    };
    let listed = code!(#private::Listed::Timeout(#accessor));
    LimitTokens::fixed(cx, &code!(#accessor()), items, Some(listed))
}

/// A `Duration` or an `AdaptiveTimeout`: only rustc knows the expression's type. What is neither a
/// `static` nor a place would be dropped at the end of the call: of an `AdaptiveTimeout`, it has to
/// be a reference.
fn computed(cx: &Context<'_>, limit: &WrittenDuration, accessor: &Ident) -> LimitTokens {
    let private = &cx.private;
    let expression = cx.in_body(limit.expression());
    let written = limit.written();
    let path = Some(referred(written)).filter(|written| is_static(cx, written));
    let (items, declared) = declared(cx, path, accessor);
    let blamed = SpanRange::of(limit);
    let (limit, blamed, begin) = match path {
        Some(path) => (named_static(cx, path), blamed, quote!(TimeoutLimit::begin)),
        None if is_place(cx, written) => (code!(&#expression), blamed, quote!(TimeoutLimit::begin)),
        // One span: rustc reports equal errors at one span only once.
        None => {
            let blamed = SpanRange::at(blamed.generated().start);
            (code!(&(#expression)), blamed, quote!(LimitOfCall::begin))
        }
    };
    let begin = cx.blaming(blamed, &begin);
    let value = Ident::new("value", blamed.start);
    let argument = quote_spanned!(blamed.end=> (#value));
    LimitTokens {
        begin: code! {
            let __value = #limit;
            let (__limit, __observer) = { let #value = __value; #begin #argument };
        },
        succeeded: code! {
            if ::core::result::Result::is_ok(&__result) {
                #private::LimitObserver::succeeded(__observer);
            }
        },
        timed_out: code!(#private::LimitObserver::timed_out(__observer);),
        items,
        listed: Some(code!(#private::Listed::TimeoutExpression(#declared))),
    }
}
