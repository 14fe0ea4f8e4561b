//! Reading an argument as the type of value that it must have.

use proc_macro2::{Ident, TokenStream};
use syn::{Expr, ExprCall, ExprClosure, ExprLit, Lit, LitBool, Path};

use super::reader::Reader;
use crate::predicate::as_closure;
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
                    format!("this closure must take one argument: write `{key} = |{parameter}| …`"),
                );
                None
            }
            Expr::Lit(_) => {
                self.error(
                    value,
                    format!(
                        "expected the path of a function, or a closure, that returns a `bool`: \
                         write `{key} = |{parameter}| …`"
                    ),
                );
                None
            }
            value => match as_closure(&value, parameter) {
                Some(closure) => {
                    let message = format!(
                        "expected the path of a function, or a closure, that returns a `bool`: \
                         write `{key} = {closure}`"
                    );
                    self.error(value, message);
                    None
                }
                None => Some(value),
            },
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
                        "expected the name of a parameter, as in `clone(order, items)`",
                    );
                }
            }
        }
        if clone.args.is_empty() {
            self.error(clone, "`clone` needs the names of parameters: write `clone(order, items)`");
        }
        names
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, key: &'static str) -> Option<LitBool> {
        match self.value(key)? {
            Expr::Lit(ExprLit { lit: Lit::Bool(value), .. }) => Some(value),
            other => {
                self.error(other, format!("expected `true` or `false`, as in `{key} = false`"));
                None
            }
        }
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
