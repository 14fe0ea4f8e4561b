//! The arguments of one attribute, taken out one by one. Each keeps its tokens, so that a mistake
//! is reported where it was written.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{Error, Expr, Ident};

use super::arguments::{self, Argument};
use super::decimal::decimal_comma;
use super::duration::misplaced_unit;
use super::unknown;
use crate::attribute::AttributeKind;
use crate::diagnostics::{Diagnostics, Reported};
use crate::syntax::{mentions, path_of};

/// The arguments of one attribute.
///
/// Methods that read an optional argument return `None` if it is not written, and also if it is
/// wrong: a wrong one has been reported, and a stack with a mistake in it is never expanded.
pub(super) struct Reader<'d> {
    attribute: AttributeKind,
    span: Span,
    positional: Vec<Expr>,
    /// The first positional argument after `value = …`.
    after_value: Option<Expr>,
    /// Arguments that have not been read yet.
    named: Vec<(Ident, Expr)>,
    /// An error if some tokens are no argument: an argument that seems to be missing may be there.
    complete: Result<(), Reported>,
    /// Arguments that may name an item of the user's, by key.
    items: Vec<(Option<String>, Expr)>,
    /// The key of the argument that is being read; `None` for a positional one.
    reading: Option<String>,
    /// The keys of arguments with a mistake.
    mistaken: Vec<Option<String>>,
    diagnostics: &'d mut Diagnostics,
}

impl<'d> Reader<'d> {
    pub(super) fn new(
        attribute: AttributeKind,
        span: Span,
        tokens: TokenStream,
        diagnostics: &'d mut Diagnostics,
    ) -> Self {
        let (arguments, complete) = arguments::read(tokens, diagnostics);
        let mut reader = Self {
            attribute,
            span,
            positional: Vec::new(),
            after_value: None,
            named: Vec::new(),
            complete,
            items: Vec::new(),
            reading: None,
            mistaken: Vec::new(),
            diagnostics,
        };
        let mut arguments = arguments.into_iter().peekable();
        while let Some(argument) = arguments.next() {
            reader.reading = argument.key();
            if let Some(error) = misplaced_unit(argument.value()) {
                reader.complete = Err(reader.report(error));
                continue;
            }
            if let Some(next) = arguments.peek()
                && let Some(error) = decimal_comma(attribute, &argument, next)
            {
                arguments.next();
                reader.complete = Err(reader.report(error));
                continue;
            }
            match argument {
                Argument::Positional(value) => reader.add_positional(value),
                Argument::Named(key, value) => reader.add_named(key, value),
            }
        }
        reader.items = reader.expressions();
        reader
    }

    fn add_positional(&mut self, value: Expr) {
        if let Some(message) = unknown::key_without_equals(self.attribute, &value) {
            self.complete = Err(self.error(&value, message));
            return;
        }
        if self.named.iter().any(|(key, _)| key == "value") {
            self.after_value.get_or_insert_with(|| value.clone());
        }
        self.positional.push(value);
    }

    fn add_named(&mut self, key: Ident, value: Expr) {
        if self.named.iter().any(|(other, _)| *other == key) {
            self.at(key.span(), format!("`{key}` is written twice: keep one"));
        } else {
            self.named.push((key, value));
        }
    }

    /// The attribute's name.
    pub(super) const fn name(&self) -> &'static str {
        self.attribute.name()
    }

    /// The type of the policy that the attribute can name, and its constructor.
    pub(super) const fn policy_type(&self) -> Option<(&'static str, &'static str)> {
        match self.attribute {
            AttributeKind::CircuitBreaker => Some(("CircuitBreaker", "new")),
            AttributeKind::Bulkhead => Some(("Bulkhead", "new")),
            AttributeKind::RateLimiter => Some(("RateLimiter", "new")),
            AttributeKind::Retry => Some(("RetryPolicy", "new")),
            AttributeKind::Resilient => Some(("Policy", "important")),
            AttributeKind::Timeout | AttributeKind::Fallback => None,
        }
    }

    /// The span of the attribute's name, for a missing argument.
    pub(super) const fn span(&self) -> Span {
        self.span
    }

    pub(super) fn error(
        &mut self,
        tokens: impl quote::ToTokens,
        message: impl std::fmt::Display,
    ) -> Reported {
        self.report(Error::new_spanned(tokens, message))
    }

    pub(super) fn at(&mut self, span: Span, message: impl std::fmt::Display) -> Reported {
        self.report(Error::new(span, message))
    }

    fn report(&mut self, error: Error) -> Reported {
        self.mistaken.push(self.reading.clone());
        self.diagnostics.push(error)
    }

    /// Reports the error of a result.
    pub(super) fn checked<T>(&mut self, result: syn::Result<T>) -> Result<T, Reported> {
        result.map_err(|error| self.report(error))
    }

    /// Arguments that may name an item of the user's.
    fn expressions(&self) -> Vec<(Option<String>, Expr)> {
        let named = self.named.iter().filter(|(key, value)| match path_of(value) {
            // Not a keyword such as `jitter = none`.
            Some(path) => key == "when" || key == "when_ok" || path.get_ident().is_none(),
            None => true,
        });
        let positional = self.positional.iter().map(|value| (None, value));
        positional
            .chain(named.map(|(key, value)| (Some(key.to_string()), value)))
            .filter(|(_, value)| may_name_items(value))
            .map(|(key, value)| (key, value.clone()))
            .collect()
    }

    /// Takes `key = …` out, with the key as written.
    pub(super) fn named(&mut self, key: &'static str) -> Option<(Ident, Expr)> {
        debug_assert!(self.attribute.takes(key), "`{key}` is not listed in attribute.rs");
        self.reading = Some(key.to_owned());
        let index = self.named.iter().position(|(name, _)| name == key)?;
        Some(self.named.remove(index))
    }

    /// Takes the value of `key = …` out.
    pub(super) fn value(&mut self, key: &'static str) -> Option<Expr> {
        self.named(key).map(|(_, value)| value)
    }

    /// Takes the value of `key = …` out, unless `stays` says that another function reads it.
    pub(super) fn value_unless(
        &mut self,
        key: &'static str,
        stays: impl Fn(&Expr) -> bool,
    ) -> Option<Expr> {
        let (_, value) = self.named.iter().find(|(name, _)| name == key)?;
        if stays(value) { None } else { self.value(key) }
    }

    pub(super) fn after_value(&mut self) -> Option<Expr> {
        self.after_value.take()
    }

    pub(super) fn positional(&mut self) -> Vec<Expr> {
        self.reading = None;
        std::mem::take(&mut self.positional)
    }

    /// Returns an error if some tokens are no argument.
    pub(super) const fn complete(&self) -> Result<(), Reported> {
        self.complete
    }

    /// Takes the arguments with these keys out, and reports each.
    pub(super) fn refuse(
        &mut self,
        keys: impl IntoIterator<Item = &'static str>,
        message: impl Fn(&Ident) -> String,
    ) -> Result<(), Reported> {
        let mut refused = Ok(());
        for key in keys {
            if let Some((key, _)) = self.named(key) {
                refused = Err(self.at(key.span(), message(&key)));
            }
        }
        refused
    }

    /// Reports all named arguments that have not been read: the attribute does not take them.
    pub(super) fn refuse_unknown(&mut self) -> Result<(), Reported> {
        let mut refused = Ok(());
        for (key, value) in std::mem::take(&mut self.named) {
            self.reading = Some(key.to_string());
            refused = Err(self.at(key.span(), unknown::key(self.attribute, &key, &value)));
        }
        refused
    }

    /// Ends the reading. Returns the arguments without a mistake that may name an item of the
    /// user's. Rustc is to report nothing about the others, but our types in them are imported.
    pub(super) fn finish(mut self) -> impl Iterator<Item = Expr> {
        // The layers of the attribute have been read: an unknown argument does not change them.
        let _ = self.refuse_unknown();
        let Self { items, mistaken, .. } = self;
        items
            .into_iter()
            .filter(move |(key, item)| !mistaken.contains(key) || names_our_type(item))
            .map(|(_, item)| item)
    }
}

/// Returns true for `RetryBudget::new(…)`.
fn names_our_type(value: &Expr) -> bool {
    const TYPES: [&str; 9] = [
        "AdaptiveTimeout",
        "BackoffKind",
        "Bulkhead",
        "CircuitBreaker",
        "Jitter",
        "OnAbandon",
        "Policy",
        "RetryBudget",
        "RetryPolicy",
    ];
    TYPES.iter().any(|name| mentions(value.to_token_stream(), name))
}

/// Returns true if an argument may name an item of the user's. An operator at the top is most
/// likely a misspelt `=`.
fn may_name_items(value: &Expr) -> bool {
    match value {
        Expr::Lit(_) | Expr::Unary(_) | Expr::Tuple(_) | Expr::Binary(_) | Expr::Assign(_) => false,
        Expr::Call(call) => may_name_items(&call.func),
        other => !path_of(other).is_some_and(|path| path.is_ident("clone")),
    }
}
