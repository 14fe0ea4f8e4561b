//! Messages about arguments that an attribute does not take: what the user may have meant.

use proc_macro2::Ident;
use resilience_options::text::joined;
use syn::{Expr, Path};

use super::duration::duration;
use crate::attribute::AttributeKind;
use crate::foreign;
use crate::syntax::path_of;
use crate::wording::{source_text, suggestion};

/// The message about `key = value`, which the attribute does not take.
pub(super) fn key(attribute: AttributeKind, key: &Ident, value: &Expr) -> String {
    let hint = hint(attribute, &key.to_string(), value);
    format!("`#[{}]` has no argument `{key}`: {hint}", attribute.name())
}

fn hint(attribute: AttributeKind, key: &str, value: &Expr) -> String {
    let others = AttributeKind::ALL.into_iter().filter(|other| *other != attribute);
    let owners = others.filter(|other| other.keys().any(|known| known == key));
    let owners: Vec<String> = owners.map(|owner| format!("`#[{}]`", owner.name())).collect();
    let is_layer = AttributeKind::ALL.iter().any(|attribute| attribute.name() == key);
    if attribute == AttributeKind::Resilient && (is_layer || !owners.is_empty()) {
        String::from("set it where the `static Policy` is declared")
    } else if attribute == AttributeKind::Timeout
        && duration(value.clone()).is_ok_and(|limit| limit.is_known())
    {
        format!("write `#[timeout({})]`", source_text(value))
    } else if key == "clone" && matches!(attribute, AttributeKind::Retry | AttributeKind::Resilient)
    {
        format!("write `clone({})`", source_text(value))
    } else if let Some(advice) = foreign::advice(attribute, key, value) {
        advice
    } else if !owners.is_empty() {
        format!("it is an argument of {}", joined(&owners, "and"))
    } else {
        suggestion(key, &attribute.keys().collect::<Vec<_>>())
    }
}

/// The message about `max_attempts(3)`, `max_attempts == 3`, or `max_attempts` alone, if the
/// attribute takes `max_attempts = 3`.
pub(super) fn key_without_equals(attribute: AttributeKind, value: &Expr) -> Option<String> {
    let (path, argument) = match value {
        Expr::Call(call) if call.args.len() == 1 => (path_of(&call.func)?, call.args.first()),
        Expr::Binary(compared) => (path_of(&compared.left)?, Some(&*compared.right)),
        other => (path_of(other)?, None),
    };
    let key = Path::get_ident(path)?;
    // A parameter may well be called `name` or `value`.
    if key == "name" || key == "value" || !attribute.keys().any(|known| key == known) {
        return None;
    }
    let argument = argument.map_or_else(|| String::from("…"), source_text);
    Some(format!("expected `key = value`: write `{key} = {argument}`"))
}
