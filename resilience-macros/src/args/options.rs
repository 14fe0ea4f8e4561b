//! `crate = ::path`, `name = "…"`: what any attribute of a stack may say for the whole of it.

use syn::{Error, Expr, ExprLit, Ident, Lit, LitStr, Path, Result};

use super::reader::{Reader, path_of};

#[derive(Default)]
pub(crate) struct Options {
    /// `crate = ::path`: where the runtime is to be found.
    pub(crate) runtime: Option<Path>,
    /// `name = "…"`: what the function is called in events and in the registry.
    pub(crate) name: Option<LitStr>,
    /// The expressions among the arguments, for a function that is emitted without its attributes.
    pub(crate) mentioned: Vec<Expr>,
}

impl Options {
    /// Takes in what one attribute says.
    pub(super) fn read(&mut self, reader: &mut Reader<'_>) {
        self.mentioned.extend(reader.code().flat_map(named_by).cloned());
        if let Some((key, value)) = reader.named("crate") {
            once(reader, &key, self.runtime.is_some());
            self.runtime = reader.read(renamed_crate(&value));
        }
        if let Some((key, value)) = reader.named("name") {
            once(reader, &key, self.name.is_some());
            self.name = reader.read(function_name(value));
        }
    }
}

/// What an argument speaks of: whether its parts fit together is not asked where something else is wrong.
fn named_by(argument: &Expr) -> Vec<&Expr> {
    match argument {
        Expr::Call(call) => call.args.iter().chain([&*call.func]).flat_map(named_by).collect(),
        Expr::MethodCall(call) => {
            call.args.iter().chain([&*call.receiver]).flat_map(named_by).collect()
        }
        Expr::Binary(pair) => [&*pair.left, &*pair.right].into_iter().flat_map(named_by).collect(),
        Expr::Field(field) => named_by(&field.base),
        Expr::Reference(reference) => named_by(&reference.expr),
        Expr::Unary(unary) => named_by(&unary.expr),
        Expr::Paren(inner) => named_by(&inner.expr),
        Expr::Group(inner) => named_by(&inner.expr),
        Expr::Lit(_) => Vec::new(),
        other => vec![other],
    }
}

fn once(reader: &mut Reader<'_>, key: &Ident, given: bool) {
    if given {
        reader.at(
            key.span(),
            format!("`{key}` is about the whole function, and another of its attributes gives it already: keep one"),
        );
    }
}

/// `crate = ::path`
pub(crate) fn renamed_crate(value: &Expr) -> Result<Path> {
    if let Some(path) = path_of(value) {
        return Ok(path.clone());
    }
    Err(match value {
        Expr::Lit(ExprLit { lit: Lit::Str(path), .. }) => Error::new_spanned(
            path,
            format!(
                "a crate's path stands without quotes: write `crate = ::{}`",
                path.value().trim_start_matches("::")
            ),
        ),
        other => Error::new_spanned(
            other,
            "expected the path of the renamed crate, as in `crate = ::my_resilience`",
        ),
    })
}

/// `name = "billing::charge"`
fn function_name(value: Expr) -> Result<LitStr> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(name), .. }) if !name.value().is_empty() => Ok(name),
        other => Err(Error::new_spanned(
            other,
            "expected the function's name in quotes, as in `name = \"billing::charge\"`",
        )),
    }
}
