//! The arguments of one attribute, taken out one by one. Each keeps its tokens, so that a mistake
//! is reported where it was written.

use proc_macro2::{Span, TokenStream};
use syn::{Error, Expr, Ident};

use super::arguments::{self, Argument};
use super::unknown;
use crate::attribute::AttributeKind;
use crate::diagnostics::{Diagnostics, Reported};
use crate::syntax::path_of;

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
            diagnostics,
        };
        for argument in arguments {
            match argument {
                Argument::Positional(value) => reader.add_positional(value),
                Argument::Named(key, value) => reader.add_named(key, value),
            }
        }
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

    /// The span of the attribute's name, for a missing argument.
    pub(super) const fn span(&self) -> Span {
        self.span
    }

    pub(super) fn error(
        &mut self,
        tokens: impl quote::ToTokens,
        message: impl std::fmt::Display,
    ) -> Reported {
        self.diagnostics.push(Error::new_spanned(tokens, message))
    }

    pub(super) fn at(&mut self, span: Span, message: impl std::fmt::Display) -> Reported {
        self.diagnostics.at(span, message)
    }

    /// Reports the error of a result.
    pub(super) fn checked<T>(&mut self, result: syn::Result<T>) -> Result<T, Reported> {
        result.map_err(|error| self.diagnostics.push(error))
    }

    /// Arguments that may name an item of the user's.
    pub(super) fn expressions(&self) -> impl Iterator<Item = &Expr> {
        let named = self.named.iter().filter(|(key, value)| match path_of(value) {
            // Not a keyword such as `jitter = none`.
            Some(path) => key == "when" || key == "when_ok" || path.get_ident().is_none(),
            None => true,
        });
        self.positional
            .iter()
            .chain(named.map(|(_, value)| value))
            .filter(|value| may_name_items(value))
    }

    /// Takes `key = …` out, with the key as written.
    pub(super) fn named(&mut self, key: &'static str) -> Option<(Ident, Expr)> {
        debug_assert!(self.attribute.takes(key), "`{key}` is not listed in attribute.rs");
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
            refused = Err(self.at(key.span(), unknown::key(self.attribute, &key, &value)));
        }
        refused
    }

    /// Ends the reading.
    pub(super) fn finish(mut self) {
        // The layers of the attribute have been read: an unknown argument does not change them.
        let _ = self.refuse_unknown();
    }
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
