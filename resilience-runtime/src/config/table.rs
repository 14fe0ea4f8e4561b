//! A table of options, read over what the code declares. Knows no policy.

use resilience_options::{Options, text};
use toml::de::DeTable;

use super::diagnostics::Diagnostics;
use super::value;

/// Options of `declared`, except for those that the table sets. `runtime_keys` are the options whose
/// values the code computes for each call.
pub(super) fn read<O: Options>(
    declared: O,
    table: &DeTable<'_>,
    runtime_keys: &[&str],
) -> Result<O, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let mut options = declared;
    let (mut given, mut unreadable) = (Vec::new(), Vec::new());
    for (key, written) in table {
        let name = key.get_ref().as_ref();
        let Some(option) = O::option(name) else {
            diagnostics.at(key.span(), unknown_key::<O>(name, runtime_keys));
            continue;
        };
        if runtime_keys.contains(&option.name) {
            diagnostics.at(key.span(), is_computed(name));
            unreadable.push(option.name);
            continue;
        }
        match value::read(option.name, option.kind, written, &mut diagnostics) {
            Some(value) => {
                options.set(option.name, Some(value));
                given.push(option.name);
            }
            None => unreadable.push(option.name),
        }
    }
    for name in given.iter().chain(&unreadable) {
        for replaced in O::replaced_by(name).iter().filter(|it| !table.contains_key(**it)) {
            options.set(replaced, None);
        }
    }
    for refusal in options.refusals(&[], &unreadable) {
        // The file is blamed for what it sets; the code has been checked by the compiler.
        let blamed = refusal.keys.iter().find(|key| given.contains(key));
        if let Some(written) = blamed.and_then(|key| table.get(*key)) {
            diagnostics.at(written.span(), refusal.message);
        }
    }
    if diagnostics.is_empty() { Ok(options) } else { Err(diagnostics) }
}

fn unknown_key<O: Options>(name: &str, runtime_keys: &[&str]) -> String {
    let known: Vec<&str> = O::OPTIONS
        .iter()
        .map(|option| option.name)
        .filter(|key| !runtime_keys.contains(key))
        .collect();
    let hint = text::did_you_mean(name, &known)
        .unwrap_or_else(|| format!("the keys here are {}", text::list(&known)));
    format!("unknown key `{name}`: {hint}")
}

fn is_computed(name: &str) -> String {
    format!("`{name}` is an expression in the code, computed for each call: a file can't set it")
}
