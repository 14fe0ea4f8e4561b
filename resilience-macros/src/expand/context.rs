//! The function around the layers, and how generated code speaks of it: by which paths, and at which places.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::LitStr;

use crate::frame::Body;
use crate::item::{Item, begins_path, mentions};

/// What the expansion of every layer needs to know.
pub(crate) struct Context<'a> {
    pub(super) item: &'a Item,
    pub(super) body: &'a Body,
    /// `name = "…"`
    pub(super) name: Option<&'a LitStr>,
    /// `::resilience::__private`
    pub(super) private: TokenStream,
    /// `::resilience`
    pub(super) runtime: TokenStream,
    /// `runtime` is what `crate = …` says.
    pub(super) renamed: bool,
    /// The body may run again, or its arguments are needed after it: they are only borrowed by it. Not if copies of all of them will do: a call's future
    /// that does not borrow from itself is one that the compiler can keep in registers.
    pub(super) borrows: bool,
    /// Arguments that each attempt has a clone of, and nothing but the body needs: the body owns them.
    pub(super) owned: Vec<&'a Ident>,
}

/// From the first to the last token of something the user wrote.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(super) start: Span,
    pub(super) end: Span,
}

impl Place {
    pub(crate) const fn at(span: Span) -> Self {
        Self { start: span, end: span }
    }

    pub(crate) fn of(written: &(impl ToTokens + ?Sized)) -> Self {
        let mut spans = written.to_token_stream().into_iter().map(|token| token.span());
        let start = spans.next().unwrap_or_else(Span::call_site);
        Self { start, end: spans.last().unwrap_or(start) }
    }
}

impl Context<'_> {
    /// What the function is called: its module path and name, or what `name = "…"` says.
    pub(super) fn path(&self) -> TokenStream {
        if let Some(name) = self.name {
            return name.to_token_stream();
        }
        let name = self.item.signature.ident.to_string();
        let name = name.trim_start_matches("r#");
        code!(::core::concat!(::core::module_path!(), "::", #name))
    }

    /// Whether `name` is bound by a parameter.
    pub(super) fn binds(&self, name: &Ident) -> bool {
        let name = name.to_string();
        let patterns = self.item.parameters();
        mentions(quote!(#(#patterns)*), &name) || mentions(self.body.prologue.clone(), &name)
    }

    /// Whether the parameter `name` is declared `mut`.
    pub(super) fn is_mutable(&self, name: &Ident) -> bool {
        let (patterns, prologue) = (self.item.parameters(), &self.body.prologue);
        is_mutable(quote!(#(#patterns)* #prologue), name)
    }

    /// Whether what the user wrote in an attribute may speak of an argument: by its name, or in a format string.
    pub(super) fn uses_arguments(&self, written: impl ToTokens) -> bool {
        written.to_token_stream().into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident == "self" || self.binds(&ident),
            TokenTree::Group(group) => self.uses_arguments(group.stream()),
            TokenTree::Literal(literal) => literal.to_string().contains('{'),
            TokenTree::Punct(_) => false,
        })
    }

    /// `async` or `async move`, where the user's own stands: what the block captures is explained there.
    pub(super) fn asynchronous(&self) -> TokenStream {
        let signature = &self.item.signature;
        let span = signature.asyncness.map_or(signature.fn_token.span, |token| token.span);
        if self.borrows { quote_spanned!(span=> async) } else { quote_spanned!(span=> async move) }
    }

    /// Where the return type stands.
    fn returned(&self) -> Place {
        self.body.output.as_ref().map_or_else(|| Place::of(&self.item.signature.ident), Place::of)
    }

    /// A path into the runtime with a bound to meet. If it isn't met, the error shows this place.
    pub(super) fn blaming(&self, place: Place, path: &TokenStream) -> TokenStream {
        let runtime = &self.runtime;
        let tokens: Vec<TokenTree> = quote!(#runtime::#path).into_iter().collect();
        let last = tokens.len().saturating_sub(1);
        let moved = tokens.into_iter().enumerate().map(|(index, mut token)| {
            let span = if index == last { place.end } else { place.start };
            // A `$crate` of the user's keeps its meaning.
            token.set_span(if self.renamed { span.resolved_at(token.span()) } else { span });
            token
        });
        moved.collect()
    }

    /// A `Result` from what the function returned. If that isn't one, the error shows the return type: there stands all that
    /// rustc could point at.
    pub(super) fn as_result(&self, returned: &TokenStream) -> TokenStream {
        self.convert(returned, &quote!(AnyResult::into_result))
    }

    /// What the function returns, from a `Result`.
    pub(super) fn as_returned(&self, result: &TokenStream) -> TokenStream {
        self.convert(result, &quote!(AnyResult::from_result))
    }

    fn convert(&self, value: &TokenStream, function: &TokenStream) -> TokenStream {
        // One token for all of it: rustc says the same thing of one place only once.
        let place = Place::at(self.returned().start);
        let function = self.blaming(place, function);
        let output = Ident::new("output", place.start);
        let argument = quote_spanned!(place.end=> (#output));
        code!({ let #output = #value; #function #argument })
    }

    /// What the user wrote in an attribute, as it must read in the body: `#[async_trait]` has renamed `self`.
    pub(super) fn in_body(&self, written: impl ToTokens) -> TokenStream {
        let written = written.to_token_stream();
        match &self.body.receiver {
            Some(receiver) => rename_self(written, receiver),
            None => written,
        }
    }
}

/// The module in `self::path` stays what it is.
fn rename_self(tokens: TokenStream, receiver: &Ident) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut renamed = TokenStream::new();
    while let Some(token) = tokens.next() {
        renamed.extend([match token {
            TokenTree::Ident(ident) if ident == "self" && !begins_path(tokens.peek()) => {
                TokenTree::Ident(receiver.clone())
            }
            TokenTree::Group(group) => {
                let mut inside = proc_macro2::Group::new(
                    group.delimiter(),
                    rename_self(group.stream(), receiver),
                );
                inside.set_span(group.span());
                TokenTree::Group(inside)
            }
            other => other,
        }]);
    }
    renamed
}

/// Whether `mut name` stands anywhere in these tokens.
fn is_mutable(tokens: TokenStream, name: &Ident) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_declared = |pair: &[TokenTree]| matches!(pair, [TokenTree::Ident(keyword), TokenTree::Ident(declared)] if keyword == "mut" && declared == name);
    tokens.windows(2).any(is_declared)
        || tokens.into_iter().any(
            |token| matches!(token, TokenTree::Group(group) if is_mutable(group.stream(), name)),
        )
}
