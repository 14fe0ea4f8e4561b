//! Reading an argument as the kind of value it must be.

use proc_macro2::TokenStream;
use syn::{Expr, Ident, Lit, Path};

use super::reader::{Reader, path_of};
use super::value::{self, Duration, Number};

impl Reader<'_> {
    /// `when` and `when_ok`.
    pub(crate) fn predicate(&mut self, key: &'static str) -> Option<Expr> {
        let value = self.value(key)?;
        match value {
            Expr::Closure(ref closure) if closure.inputs.len() != 1 => {
                self.error(
                    parameters(closure),
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

    /// The parameters in `clone(order, items)`.
    pub(crate) fn names(&mut self, clone: &syn::ExprCall) -> Vec<Ident> {
        let mut names = Vec::new();
        for argument in &clone.args {
            match path_of(argument).and_then(Path::get_ident) {
                Some(name) if names.contains(name) => {
                    self.error(argument, format!("`{name}` is cloned twice: keep one"));
                }
                Some(name) => names.push(name.clone()),
                None => {
                    self.error(
                        argument,
                        "`clone(…)` takes names of parameters, as in `clone(order, items)`",
                    );
                }
            }
        }
        if clone.args.is_empty() {
            self.error(clone, "which parameters? Name them, as in `clone(order, items)`");
        }
        names
    }

    /// A duration longer than zero. `why` says what would come of none.
    pub(crate) fn duration(&mut self, key: &'static str, why: &str) -> Option<Duration> {
        let duration = self.duration_or_zero(key)?;
        if duration.known().is_some_and(|known| known.is_zero()) {
            self.error(&duration, format!("`{key}` must be longer than zero: {why}"));
        }
        Some(duration)
    }

    pub(crate) fn duration_or_zero(&mut self, key: &'static str) -> Option<Duration> {
        let value = self.value(key)?;
        self.read(Duration::parse(value))
    }

    pub(crate) fn number(&mut self, key: &'static str) -> Option<Number> {
        let value = self.value(key)?;
        self.read(Number::parse(key, value))
    }

    /// A number of at least 1. `why` says what would come of 0.
    pub(crate) fn count(&mut self, key: &'static str, why: &str) -> Option<Number> {
        let number = self.number(key)?;
        if number.literal() == Some(0) {
            self.error(&number, format!("`{key}` must be at least 1: {why}"));
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

    /// A share of the calls: more than 0.0, at most 1.0.
    pub(crate) fn share(&mut self, key: &'static str) -> Option<Expr> {
        let value = self.value(key)?;
        self.read(value::float(
            key,
            &value,
            |share| share > 0.0 && share <= 1.0,
            "more than 0.0 and at most 1.0: it is a share of the calls",
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
                    format!(
                        "`{key}` is a factor and the longest spell, as in `{key} = (2.0, 10min)`"
                    ),
                );
                return None;
            }
        };
        let grows = self.read(value::factor(key, &factor));
        let max = self.read(Duration::parse(max))?;
        if max.known().is_some_and(|known| known.is_zero()) {
            self.error(&max, format!("the longest spell of `{key}` must be longer than zero"));
        }
        grows.map(|()| (factor, max))
    }

    /// One of a few words.
    pub(crate) fn word<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let value = self.value(key)?;
        self.read(value::word(key, &value, words))
    }
}

/// What a predicate is asked about.
fn predicate_argument(key: &str) -> &'static str {
    if key == "when_ok" { "value" } else { "error" }
}

/// What there is to point at of a closure's parameters.
pub(crate) fn parameters(closure: &syn::ExprClosure) -> TokenStream {
    let syn::ExprClosure { inputs_begin, inputs, inputs_end, .. } = closure;
    quote::quote!(#inputs_begin #inputs #inputs_end)
}
