//! `crate = ::path`, `name = "…"`: arguments of any attribute that apply to the whole stack.

use syn::{Expr, ExprLit, Ident, Lit, LitStr};

use super::reader::Reader;
use super::subject::constant_case;
use crate::model::StackOptions;
use crate::syntax::renamed_crate;

/// Adds the options in one attribute.
pub(super) fn read(reader: &mut Reader<'_>, options: &mut StackOptions) {
    if let Some((key, value)) = reader.named("crate") {
        once(reader, &key, options.runtime.is_some());
        options.runtime = reader.checked(renamed_crate(&value)).ok();
    }
    if let Some((key, value)) = reader.named("name") {
        once(reader, &key, options.name.is_some());
        options.name = function_name(reader, value);
    }
}

/// The parts of an argument that name items. The argument as a whole may not compile, and only
/// the mistake that was found is to be reported.
pub(super) fn named_in(argument: &Expr) -> Vec<Expr> {
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
        other => return vec![other.clone()],
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

/// `name = "billing::charge"`. A name without a path is most likely meant for the policy.
fn function_name(reader: &mut Reader<'_>, value: Expr) -> Option<LitStr> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(name), .. }) if is_path(&name.value()) => Some(name),
        Expr::Lit(ExprLit { lit: Lit::Str(name), .. }) if !name.value().is_empty() => {
            let message = no_path(reader, &name.value());
            reader.error(name, message);
            None
        }
        other => {
            reader.error(
                other,
                "expected the function's name in quotes, as in `name = \"billing::charge\"`",
            );
            None
        }
    }
}

/// Returns true for at least two segments: `billing::charge`.
fn is_path(name: &str) -> bool {
    name.contains("::") && name.split("::").all(|segment| !segment.is_empty())
}

fn no_path(reader: &Reader<'_>, name: &str) -> String {
    let attribute = reader.name();
    let share = match reader.policy_type() {
        Some((ty, constructor)) => {
            let example = constant_case(name).unwrap_or_else(|| String::from("PAYMENT"));
            format!(
                "; a `{ty}` that functions share is declared, `static {example}: {ty} = \
                 {ty}::{constructor}(\"{name}\");`, and written `#[{attribute}({example})]`"
            )
        }
        None => String::new(),
    };
    format!(
        "`name` is this function's name in events and in the registry, and needs a path, as in \
         `name = \"billing::{name}\"`{share}"
    )
}
