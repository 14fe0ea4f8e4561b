//! Reading `positional, key = value, clone(a, b)`: each argument keeps the tokens it came from, so that each
//! mistake has a place.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, Ident, Lit, Path, Token};

use super::value::{self, Duration, Number};
use super::{Kind, Options};
use crate::report::{Report, list, suggestion};

/// The arguments of one attribute, taken out one by one.
pub(crate) struct Reader<'r> {
    kind: Kind,
    span: Span,
    positional: Vec<Expr>,
    /// The first positional argument that stands behind `value = …`.
    after_value: Option<Expr>,
    named: Vec<(Ident, Expr)>,
    /// The keys asked for so far: what the attribute takes.
    known: Vec<&'static str>,
    report: &'r mut Report,
}

enum Argument {
    Positional(Expr),
    Named(Ident, Expr),
}

impl<'r> Reader<'r> {
    /// `None` if the tokens are not a list of arguments.
    pub(crate) fn new(kind: Kind, span: Span, args: TokenStream, report: &'r mut Report) -> Option<Self> {
        let list = |input: ParseStream<'_>| {
            Punctuated::<_, Token![,]>::parse_terminated_with(input, Argument::parse)
        };
        let arguments = match list.parse2(args) {
            Ok(arguments) => arguments,
            Err(error) => {
                report.push(error);
                return None;
            }
        };
        let mut reader = Self {
            kind,
            span,
            positional: Vec::new(),
            after_value: None,
            named: Vec::new(),
            known: Vec::new(),
            report,
        };
        for argument in arguments {
            match argument {
                Argument::Positional(value) => {
                    if reader.named.iter().any(|(key, _)| key == "value") {
                        reader.after_value.get_or_insert_with(|| value.clone());
                    }
                    reader.positional.push(value);
                }
                Argument::Named(key, value) => {
                    if reader.named.iter().any(|(other, _)| *other == key) {
                        reader.report.at(key.span(), format!("`{key}` is given twice: keep one"));
                    } else {
                        reader.named.push((key, value));
                    }
                }
            }
        }
        Some(reader)
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

    /// `crate` and `name`, which every attribute takes.
    pub(crate) fn options(&mut self, options: &mut Options) {
        let named = self.named.iter().filter(|(key, value)| match path_of(value) {
            // A word such as `jitter = none`.
            Some(path) => key == "when" || key == "when_ok" || path.get_ident().is_none(),
            None => true,
        });
        let values = self.positional.iter().chain(named.map(|(_, value)| value));
        let is_code = |value: &&Expr| !matches!(value, Expr::Lit(_) | Expr::Unary(_) | Expr::Tuple(_));
        options.mentioned.extend(values.filter(is_code).cloned());
        if let Some((_, value)) = self.named("crate") {
            options.runtime = self.read(renamed_crate(&value));
        }
        if let Some((_, value)) = self.named("name") {
            match value {
                Expr::Lit(syn::ExprLit { lit: Lit::Str(name), .. }) => options.name = Some(name),
                other => self.error(
                    other,
                    "expected the function's name in quotes, as in `name = \"billing::charge\"`",
                ),
            }
        }
    }

    pub(crate) fn named(&mut self, key: &'static str) -> Option<(Ident, Expr)> {
        self.known.push(key);
        let index = self.named.iter().position(|(name, _)| name == key)?;
        Some(self.named.remove(index))
    }

    pub(crate) fn value(&mut self, key: &'static str) -> Option<Expr> {
        self.named(key).map(|(_, value)| value)
    }

    /// `when` and `when_ok`.
    pub(crate) fn predicate(&mut self, key: &'static str) -> Option<Expr> {
        let value = self.value(key)?;
        match value {
            Expr::Closure(ref closure) if closure.inputs.len() != 1 => {
                self.error(
                    &closure.inputs,
                    format!(
                        "`{key}` is asked about one thing: write `{key} = |{}| …`",
                        predicate_argument(key)
                    ),
                );
                None
            }
            Expr::Lit(_) => {
                self.error(
                    value,
                    format!("`{key}` is a question: a function's path, or a closure such as `|{}| …`, giving a `bool`", predicate_argument(key)),
                );
                None
            }
            value => Some(value),
        }
    }

    pub(crate) fn after_value(&mut self) -> Option<Expr> {
        self.after_value.take()
    }

    pub(crate) fn positional(&mut self) -> Vec<Expr> {
        std::mem::take(&mut self.positional)
    }

    /// The parameters in `clone(order, items)`.
    pub(crate) fn names(&mut self, clone: &syn::ExprCall) -> Vec<Ident> {
        let mut names = Vec::new();
        for argument in &clone.args {
            match path_of(argument).and_then(Path::get_ident) {
                Some(name) => names.push(name.clone()),
                None => {
                    self.error(argument, "`clone(…)` takes names of parameters, as in `clone(order, items)`");
                }
            }
        }
        names
    }

    /// Whether no argument is left to be taken.
    pub(crate) fn has_named(&self) -> bool {
        !self.named.is_empty()
    }

    /// A duration longer than zero.
    pub(crate) fn duration(&mut self, key: &'static str) -> Option<Duration> {
        let duration = self.duration_or_zero(key)?;
        if duration.literal().is_some_and(|literal| literal.is_zero()) {
            self.error(&duration, format!("`{key}` must be longer than zero"));
        }
        Some(duration)
    }

    pub(crate) fn duration_or_zero(&mut self, key: &'static str) -> Option<Duration> {
        let value = self.value(key)?;
        self.read(Duration::parse(value))
    }

    pub(crate) fn number(&mut self, key: &'static str, least: u64) -> Option<Number> {
        let value = self.value(key)?;
        let number = self.read(Number::parse(key, value))?;
        if number.literal().is_some_and(|literal| literal < least) {
            self.error(&number, format!("`{key}` must be at least {least}"));
            return None;
        }
        Some(number)
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, key: &'static str) -> Option<syn::LitBool> {
        match self.value(key)? {
            Expr::Lit(syn::ExprLit { lit: Lit::Bool(value), .. }) => Some(value),
            other => {
                self.error(other, format!("`{key}` is `true` or `false`"));
                None
            }
        }
    }

    /// A share: more than 0.0, at most 1.0.
    pub(crate) fn share(&mut self, key: &'static str) -> Option<Expr> {
        let value = self.value(key)?;
        self.read(value::float(
            key,
            &value,
            |share| share > 0.0 && share <= 1.0,
            "more than 0.0 and at most 1.0",
        ))?;
        Some(value)
    }

    /// A factor of at least 1.0.
    pub(crate) fn factor(&mut self, key: &'static str) -> Option<Expr> {
        let value = self.value(key)?;
        self.read(value::factor(key, &value))?;
        Some(value)
    }

    /// `(2.0, 10min)`: how fast something grows, and up to what.
    pub(crate) fn factor_and_max(&mut self, key: &'static str) -> Option<(Expr, Duration)> {
        let (factor, max) = match self.value(key)? {
            Expr::Tuple(pair) if pair.elems.len() == 2 => {
                let mut both = pair.elems.into_iter();
                (both.next()?, both.next()?)
            }
            other => {
                self.error(
                    other,
                    format!("`{key}` is a factor and the longest spell, as in `{key} = (2.0, 10min)`"),
                );
                return None;
            }
        };
        self.read(value::factor(key, &factor))?;
        let max = self.read(Duration::parse(max))?;
        if max.literal().is_some_and(|literal| literal.is_zero()) {
            self.error(&max, format!("the longest spell of `{key}` must be longer than zero"));
        }
        Some((factor, max))
    }

    /// One of a few words.
    pub(crate) fn word<T: Copy>(&mut self, key: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        let value = self.value(key)?;
        self.read(value::word(key, &value, words))
    }

    fn read<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.report.push(error)).ok()
    }

    /// Reports what nobody has taken.
    pub(crate) fn finish(self) {
        let attribute = self.attribute();
        let known: Vec<&str> =
            self.known.iter().copied().filter(|key| !matches!(*key, "crate" | "name")).collect();
        for (key, _) in self.named {
            let hint = suggestion(&key.to_string(), &known);
            self.report.at(key.span(), format!("`#[{attribute}]` has no argument `{key}`: {hint}"));
        }
        if let Some(extra) = self.positional.first() {
            let message = match extra {
                Expr::Lit(syn::ExprLit { lit: Lit::Int(_), .. }) | Expr::Path(_) if !known.is_empty() => {
                    format!(
                        "say which argument this is: `#[{attribute}]` takes {}, each as `argument = value`",
                        list(&known)
                    )
                }
                _ => {
                    format!("`#[{attribute}]` does not know what to do with this: it takes {}", list(&known))
                }
            };
            self.report.push(Error::new_spanned(extra, message));
        }
    }
}

impl Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let named = input.peek(Ident::peek_any)
            && input.peek2(Token![=])
            && !input.peek2(Token![==])
            && !input.peek2(Token![=>]);
        if !named {
            let written = ungrouped(input.parse()?);
            return match path_of(&written).and_then(Path::get_ident) {
                // `key: value`, `key value`
                Some(key) if !input.is_empty() && !input.peek(Token![,]) => {
                    Err(input.error(format!("an argument is written `{key} = value`")))
                }
                _ => Ok(Self::Positional(written)),
            };
        }
        let key = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        if input.is_empty() || input.peek(Token![,]) {
            return Err(Error::new(key.span(), format!("`{key} =` needs a value")));
        }
        Ok(Self::Named(key, ungrouped(input.parse()?)))
    }
}

/// A path, literal or closure that comes from a macro's `$name:expr` or `$name:path` is in a group that can't be seen.
/// Operators stay in theirs, which holds them together.
pub(crate) fn ungrouped(written: Expr) -> Expr {
    match written {
        Expr::Group(group)
            if matches!(*group.expr, Expr::Path(_) | Expr::Lit(_) | Expr::Closure(_) | Expr::Group(_)) =>
        {
            ungrouped(*group.expr)
        }
        other => other,
    }
}

/// What a predicate is asked about.
fn predicate_argument(key: &str) -> &'static str {
    if key == "when_ok" { "value" } else { "error" }
}

/// The one path among the arguments, as in `#[retry(STANDARD)]`.
pub(crate) fn path_of(expr: &Expr) -> Option<&Path> {
    match expr {
        Expr::Path(path) if path.qself.is_none() && path.attrs.is_empty() => Some(&path.path),
        _ => None,
    }
}

/// `crate = ::path`
pub(crate) fn renamed_crate(value: &Expr) -> syn::Result<Path> {
    path_of(value).cloned().ok_or_else(|| {
        Error::new_spanned(value, "expected the path of the renamed crate, as in `crate = ::my_resilience`")
    })
}
