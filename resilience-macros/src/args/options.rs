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
        self.mentioned.extend(reader.code().cloned());
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
