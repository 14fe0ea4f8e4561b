//! The function as every layer sees it, and the paths and spans of generated code.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Expr;

use super::captures::Captures;
use super::fallback_record::FallbackRecord;
use super::span_range::SpanRange;
use crate::input::{AsyncBody, Function, Parameters};
use crate::model::{Stack, StackOptions};
use crate::syntax::{begins_path, code};

/// The function as every layer sees it.
pub(super) struct Context<'a> {
    pub(super) function: &'a Function,
    pub(super) body: &'a AsyncBody,
    pub(super) options: &'a StackOptions,
    /// The policy of `#[resilient]`.
    pub(super) policy: Option<&'a Expr>,
    pub(super) parameters: Parameters,
    pub(super) captures: Captures<'a>,
    pub(super) fallbacks: FallbackRecord,
    /// `::resilience`
    pub(super) runtime: TokenStream,
    /// `::resilience::__private`
    pub(super) private: TokenStream,
}

impl<'a> Context<'a> {
    pub(super) fn new(stack: &'a Stack, function: &'a Function, body: &'a AsyncBody) -> Self {
        let options = &stack.options;
        let runtime = options.runtime.as_ref();
        let runtime = runtime.map_or_else(|| code!(::resilience), ToTokens::to_token_stream);
        let parameters = Parameters::of(function, &body.prologue);
        let captures = Captures::of(function, body, &parameters, stack);
        let fallbacks = FallbackRecord::of(&stack.layers);
        let private = code!(#runtime::__private);
        Self {
            function,
            body,
            options,
            policy: stack.policy.as_ref(),
            parameters,
            captures,
            fallbacks,
            runtime,
            private,
        }
    }

    /// The function's name in events and in the registry: its module path and name, or
    /// `name = "…"`.
    pub(super) fn function_name(&self) -> TokenStream {
        if let Some(name) = &self.options.name {
            return name.to_token_stream();
        }
        let name = self.function.signature.ident.to_string();
        let name = name.trim_start_matches("r#");
        code!(::core::concat!(::core::module_path!(), "::", #name))
    }

    /// `async` or `async move`, with the span of the user's own `async`: there rustc explains what
    /// the block captures.
    pub(super) fn asynchronous(&self) -> TokenStream {
        let signature = &self.function.signature;
        let span = signature.asyncness.map_or(signature.fn_token.span, |token| token.span);
        if self.captures.borrows {
            quote_spanned!(span=> async)
        } else {
            quote_spanned!(span=> async move)
        }
    }

    /// The span of the return type.
    fn returned(&self) -> SpanRange {
        let output = self.body.output.as_ref();
        output.map_or_else(|| SpanRange::of(&self.function.signature.ident), SpanRange::of)
    }

    /// A path into the runtime with a bound to meet. If the bound is not met, the error points at
    /// `blamed`.
    pub(super) fn blaming(&self, blamed: SpanRange, path: &TokenStream) -> TokenStream {
        let runtime = &self.runtime;
        let is_renamed = self.options.runtime.is_some();
        let tokens: Vec<TokenTree> = quote!(#runtime::#path).into_iter().collect();
        let last = tokens.len().saturating_sub(1);
        let moved = tokens.into_iter().enumerate().map(|(index, mut token)| {
            let span = if index == last { blamed.end } else { blamed.start };
            // `$crate` in `crate = …` must keep its hygiene.
            token.set_span(if is_renamed { span.resolved_at(token.span()) } else { span });
            token
        });
        moved.collect()
    }

    /// Converts a returned value to a `Result`. If its type is no `Result`, the error points at the
    /// return type.
    pub(super) fn as_result(&self, returned: &TokenStream) -> TokenStream {
        self.convert(returned, &quote!(AnyResult::into_result))
    }

    /// Converts a `Result` to the return type.
    pub(super) fn as_returned(&self, result: &TokenStream) -> TokenStream {
        self.convert(result, &quote!(AnyResult::from_result))
    }

    fn convert(&self, value: &TokenStream, conversion: &TokenStream) -> TokenStream {
        // One span for all conversions: rustc reports equal errors at one span only once.
        let blamed = SpanRange::at(self.returned().start);
        let conversion = self.blaming(blamed, conversion);
        let output = Ident::new("output", blamed.start);
        let argument = quote_spanned!(blamed.end=> (#output));
        code!({ let #output = #value; #conversion #argument })
    }

    /// The user's tokens from an attribute, for use in the body, where `#[async_trait]` has renamed
    /// `self`.
    pub(super) fn in_body(&self, written: impl ToTokens) -> TokenStream {
        let written = written.to_token_stream();
        match &self.body.receiver {
            Some(receiver) => rename_self(written, receiver),
            None => written,
        }
    }
}

/// Renames `self`, but not the module in `self::path`.
fn rename_self(tokens: TokenStream, receiver: &Ident) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut renamed = TokenStream::new();
    while let Some(token) = tokens.next() {
        renamed.extend([match token {
            TokenTree::Ident(ident) if ident == "self" && !begins_path(tokens.peek()) => {
                TokenTree::Ident(receiver.clone())
            }
            TokenTree::Group(group) => {
                let stream = rename_self(group.stream(), receiver);
                let mut inside = Group::new(group.delimiter(), stream);
                inside.set_span(group.span());
                TokenTree::Group(inside)
            }
            other => other,
        }]);
    }
    renamed
}
