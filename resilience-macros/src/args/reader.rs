//! Reading `positional, key = value, clone(a, b)`: each argument keeps the tokens it came from, so that each
//! mistake has a place.

use proc_macro2::{Span, TokenStream};
use syn::{Error, Expr, Ident, Path};

use super::list::{self, Argument};
use super::{Kind, unknown};
use crate::report::Report;

/// The arguments of one attribute, taken out one by one.
pub(crate) struct Reader<'r> {
    kind: Kind,
    span: Span,
    positional: Vec<Expr>,
    /// The first positional argument that stands behind `value = …`.
    after_value: Option<Expr>,
    named: Vec<(Ident, Expr)>,
    /// All keys that were written.
    written: Vec<Ident>,
    /// The keys asked for so far: what the attribute takes.
    known: Vec<&'static str>,
    /// Some tokens were no argument, so that what seems to be missing may be there.
    incomplete: bool,
    report: &'r mut Report,
}

impl<'r> Reader<'r> {
    pub(crate) fn new(kind: Kind, span: Span, args: TokenStream, report: &'r mut Report) -> Self {
        let (arguments, all) = list::arguments(args, report);
        let mut reader = Self {
            kind,
            span,
            positional: Vec::new(),
            after_value: None,
            named: Vec::new(),
            written: Vec::new(),
            known: Vec::new(),
            incomplete: !all,
            report,
        };
        for argument in arguments {
            match argument {
                Argument::Positional(value) => reader.take_positional(value),
                Argument::Named(key, value) => reader.take_named(key, value),
            }
        }
        reader
    }

    fn take_positional(&mut self, value: Expr) {
        if let Some(message) = unknown::key_without_equals(self.kind, &value) {
            self.error(&value, message);
            self.incomplete = true;
            return;
        }
        if self.named.iter().any(|(key, _)| key == "value") {
            self.after_value.get_or_insert_with(|| value.clone());
        }
        self.positional.push(value);
    }

    fn take_named(&mut self, key: Ident, value: Expr) {
        if self.named.iter().any(|(other, _)| *other == key) {
            self.report.at(key.span(), format!("`{key}` is given twice: keep one"));
        } else {
            self.written.push(key.clone());
            self.named.push((key, value));
        }
    }

    pub(crate) const fn attribute(&self) -> &'static str {
        self.kind.name()
    }

    /// Where the attribute's name stands, for what is missing.
    pub(crate) const fn span(&self) -> Span {
        self.span
    }

    pub(crate) fn error(&mut self, tokens: impl quote::ToTokens, message: impl std::fmt::Display) {
        self.report.push(Error::new_spanned(tokens, message));
    }

    pub(crate) fn at(&mut self, span: Span, message: impl std::fmt::Display) {
        self.report.at(span, message);
    }

    pub(crate) fn push(&mut self, error: Error) {
        self.report.push(error);
    }

    /// Reports the named arguments that are left, all with one sentence.
    pub(crate) fn refuse_rest(&mut self, message: &str) {
        for (key, _) in std::mem::take(&mut self.named) {
            self.report.at(key.span(), message);
        }
    }

    /// What may name something of the user's.
    pub(super) fn code(&self) -> impl Iterator<Item = &Expr> {
        let named = self.named.iter().filter(|(key, value)| match path_of(value) {
            // A word such as `jitter = none`.
            Some(path) => key == "when" || key == "when_ok" || path.get_ident().is_none(),
            None => true,
        });
        self.positional.iter().chain(named.map(|(_, value)| value)).filter(|value| is_code(value))
    }

    pub(crate) fn named(&mut self, key: &'static str) -> Option<(Ident, Expr)> {
        self.known.push(key);
        let index = self.named.iter().position(|(name, _)| name == key)?;
        Some(self.named.remove(index))
    }

    pub(crate) fn value(&mut self, key: &'static str) -> Option<Expr> {
        self.named(key).map(|(_, value)| value)
    }

    pub(crate) fn after_value(&mut self) -> Option<Expr> {
        self.after_value.take()
    }

    pub(crate) fn positional(&mut self) -> Vec<Expr> {
        std::mem::take(&mut self.positional)
    }

    /// Whether this was written, be it right or wrong; yes if some of what was written can't be read.
    pub(crate) fn may_have(&self, key: &str) -> bool {
        self.incomplete || self.written.iter().any(|written| written == key)
    }

    /// Whether there are arguments that nothing has taken yet.
    pub(crate) fn has_named(&self) -> bool {
        !self.named.is_empty()
    }

    /// Whether all the tokens could be read, so that what is not there is missing.
    pub(crate) const fn is_complete(&self) -> bool {
        !self.incomplete
    }

    pub(super) fn read<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.report.push(error)).ok()
    }

    /// The keys that were asked for.
    pub(super) fn into_known(self) -> Vec<&'static str> {
        self.known
    }

    /// Reports what nobody has taken.
    pub(crate) fn finish(self) {
        for (key, value) in self.named {
            self.report.at(key.span(), unknown::key(self.kind, &key, &value, &self.known));
        }
    }
}

/// Whether an argument may name something of the user's. (An operator at its top is most likely a mistake for `=`.)
fn is_code(value: &Expr) -> bool {
    match value {
        Expr::Lit(_) | Expr::Unary(_) | Expr::Tuple(_) | Expr::Binary(_) | Expr::Assign(_) => false,
        Expr::Call(call) => is_code(&call.func),
        other => !path_of(other).is_some_and(|path| path.is_ident("clone")),
    }
}

/// The one path among the arguments, as in `#[retry(STANDARD)]`.
pub(crate) fn path_of(expr: &Expr) -> Option<&Path> {
    match expr {
        Expr::Path(path) if path.qself.is_none() && path.attrs.is_empty() => Some(&path.path),
        _ => None,
    }
}
