//! Reading an argument as the type of value that it must have.

use proc_macro2::{Ident, TokenStream};
use syn::{Expr, ExprCall, ExprClosure, ExprLit, Lit, LitBool, Path};

use super::reader::Reader;
use super::value;
use crate::model::{Keyword, WrittenDuration, WrittenNumber};
use crate::syntax::path_of;

impl Reader<'_> {
    /// `when` and `when_ok`.
    pub(super) fn predicate(&mut self, key: &'static str) -> Option<Expr> {
        let value = self.value(key)?;
        let parameter = predicate_parameter(key);
        match value {
            Expr::Closure(ref closure) if closure.inputs.len() != 1 => {
                self.error(
                    parameters(closure),
                    format!("`{key}` is asked about one thing: write `{key} = |{parameter}| …`"),
                );
                None
            }
            Expr::Lit(_) => {
                self.error(
                    value,
                    format!(
                        "`{key}` is a question: a function's path, or a closure such as \
                         `|{parameter}| …`, giving a `bool`"
                    ),
                );
                None
            }
            value => Some(value),
        }
    }

    /// The parameters in `clone(order, items)`.
    pub(super) fn names(&mut self, clone: &ExprCall) -> Vec<Ident> {
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

    /// A duration longer than zero. `why` explains why zero is refused.
    pub(super) fn duration(&mut self, key: &'static str, why: &str) -> Option<WrittenDuration> {
        let duration = self.duration_or_zero(key)?;
        if duration.known().is_some_and(|known| known.is_zero()) {
            self.error(&duration, format!("`{key}` must be longer than zero: {why}"));
        }
        Some(duration)
    }

    pub(super) fn duration_or_zero(&mut self, key: &'static str) -> Option<WrittenDuration> {
        let value = self.value(key)?;
        self.checked(value::duration(value)).ok()
    }

    pub(super) fn number(&mut self, key: &'static str) -> Option<WrittenNumber> {
        let value = self.value(key)?;
        self.checked(value::number(key, value)).ok()
    }

    /// A number of at least 1. `why` explains why 0 is refused.
    pub(super) fn count(&mut self, key: &'static str, why: &str) -> Option<WrittenNumber> {
        let number = self.number(key)?;
        if number.literal() == Some(0) {
            self.error(&number, format!("`{key}` must be at least 1: {why}"));
        }
        Some(number)
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, key: &'static str) -> Option<LitBool> {
        match self.value(key)? {
            Expr::Lit(ExprLit { lit: Lit::Bool(value), .. }) => Some(value),
            other => {
                self.error(other, format!("`{key}` is `true` or `false`"));
                None
            }
        }
    }

    /// A share of the calls: more than 0.0, at most 1.0.
    pub(super) fn share(&mut self, key: &'static str) -> Option<Expr> {
        let value = self.value(key)?;
        self.checked(value::float(
            key,
            &value,
            |share| share > 0.0 && share <= 1.0,
            "more than 0.0 and at most 1.0: it is a share of the calls",
        ))
        .ok()?;
        Some(value)
    }

    /// A factor of at least 1.0.
    pub(super) fn factor(&mut self, key: &'static str) -> Option<Expr> {
        let value = self.value(key)?;
        self.checked(value::factor(key, &value)).ok()?;
        Some(value)
    }

    /// `(2.0, 10min)`: the factor of each step, and the longest duration.
    pub(super) fn factor_and_max(&mut self, key: &'static str) -> Option<(Expr, WrittenDuration)> {
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
        let grows = self.checked(value::factor(key, &factor)).ok();
        let max = self.checked(value::duration(max)).ok()?;
        if max.known().is_some_and(|known| known.is_zero()) {
            self.error(&max, format!("the longest spell of `{key}` must be longer than zero"));
        }
        grows.map(|()| (factor, max))
    }

    /// One of a few words.
    pub(super) fn keyword<T: Keyword>(&mut self, key: &'static str) -> Option<T> {
        let value = self.value(key)?;
        self.checked(value::keyword(key, &value)).ok()
    }
}

/// The name that examples give to a predicate's parameter.
fn predicate_parameter(key: &str) -> &'static str {
    if key == "when_ok" { "value" } else { "error" }
}

/// The tokens of a closure's parameters, for the span of a message.
pub(super) fn parameters(closure: &ExprClosure) -> TokenStream {
    let ExprClosure { inputs_begin, inputs, inputs_end, .. } = closure;
    quote::quote!(#inputs_begin #inputs #inputs_end)
}
