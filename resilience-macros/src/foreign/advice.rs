//! The message about a name from another library.

use syn::{Expr, Path};

use super::names::{Foreign, names};
use super::spelling::{Spelling, spellings};
use super::value::{Meaning, translated};
use crate::attribute::AttributeKind;
use crate::syntax::path_of;

/// Returns the replacement of `key = value`; `None` for a name that is not known.
pub(crate) fn advice(attribute: AttributeKind, key: &str, value: &Expr) -> Option<String> {
    if let Some(of_value) = of_call(attribute, value) {
        return Some(of_value);
    }
    spellings(key).iter().find_map(|spelling| {
        of_name(attribute, spelling, value).or_else(|| our_own(attribute, key, spelling, value))
    })
}

/// Returns the replacement of `stop_after_attempt(3)`.
pub(crate) fn of_call(attribute: AttributeKind, value: &Expr) -> Option<String> {
    let Expr::Call(call) = value else { return None };
    let name = path_of(&call.func).and_then(Path::get_ident)?.to_string();
    let argument = call.args.first()?;
    let argument = match argument {
        Expr::Assign(named) => &*named.right,
        other => other,
    };
    spellings(&name).iter().find_map(|spelling| of_name(attribute, spelling, argument))
}

fn of_name(attribute: AttributeKind, name: &Spelling, value: &Expr) -> Option<String> {
    let known = |foreign: &&Foreign| foreign.names.contains(&name.text.as_str());
    names(attribute).filter(known).find_map(|foreign| {
        let value = translated(foreign.meaning, value, name.unit)?;
        Some(foreign.advice.replace("{}", &value))
    })
}

/// A key of ours in another spelling: `maxAttempts`, `base_delay_ms`.
fn our_own(attribute: AttributeKind, key: &str, name: &Spelling, value: &Expr) -> Option<String> {
    let is_other = name.text != key && attribute.takes(&name.text);
    let meaning = if name.unit.is_some() { Meaning::Time } else { Meaning::Same };
    let value = is_other.then(|| translated(meaning, value, name.unit))??;
    Some(format!("write `{} = {value}`", name.text))
}
