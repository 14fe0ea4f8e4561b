//! `crate = ::path`, `name = "…"`: arguments of any attribute that apply to the whole stack.

use syn::{Error, Expr, ExprLit, Ident, Lit, LitStr, Result};

use super::reader::Reader;
use crate::model::StackOptions;
use crate::syntax::renamed_crate;

/// Adds the options in one attribute.
pub(super) fn read(reader: &mut Reader<'_>, options: &mut StackOptions) {
    options.mentioned.extend(reader.expressions().flat_map(named_in).cloned());
    if let Some((key, value)) = reader.named("crate") {
        once(reader, &key, options.runtime.is_some());
        options.runtime = reader.checked(renamed_crate(&value)).ok();
    }
    if let Some((key, value)) = reader.named("name") {
        once(reader, &key, options.name.is_some());
        options.name = reader.checked(function_name(value)).ok();
    }
}

/// The parts of an argument that name items. The argument as a whole may not compile, and only
/// the mistake that was found is to be reported.
fn named_in(argument: &Expr) -> Vec<&Expr> {
    let parts: Vec<&Expr> = match argument {
        Expr::Call(call) => call.args.iter().chain([&*call.func]).collect(),
        Expr::MethodCall(call) => call.args.iter().chain([&*call.receiver]).collect(),
        Expr::Binary(pair) => vec![&pair.left, &pair.right],
        Expr::Field(field) => vec![&field.base],
        Expr::Reference(reference) => vec![&reference.expr],
        Expr::Unary(unary) => vec![&unary.expr],
        Expr::Paren(inner) => vec![&inner.expr],
        Expr::Group(inner) => vec![&inner.expr],
        Expr::Lit(_) => Vec::new(),
        other => return vec![other],
    };
    parts.into_iter().flat_map(named_in).collect()
}

fn once(reader: &mut Reader<'_>, key: &Ident, is_set: bool) {
    if is_set {
        reader.at(
            key.span(),
            format!(
                "`{key}` applies to the whole function, and another attribute of it has set it: \
                 keep one"
            ),
        );
    }
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
