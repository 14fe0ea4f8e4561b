//! Reads a table of options. The options of the code are the base. This module knows no policy.

use resilience_options::Options;
use toml::de::DeTable;

use super::diagnostics::Diagnostics;
use super::quoted::unknown_key;
use super::value;

/// Returns `declared` with the options that the table sets. `runtime_keys` are the options whose
/// values the code computes for each call: a table can't set them.
pub(super) fn read<O: Options>(
    declared: O,
    table: &DeTable<'_>,
    runtime_keys: &[&str],
) -> Result<O, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let mut options = declared;
    let (mut readable, mut unreadable) = (Vec::new(), Vec::new());
    for (key, written) in table {
        let name = key.get_ref().as_ref();
        let Some(option) = O::option(name) else {
            diagnostics.at_with(key.span(), || unknown_key(name, &settable::<O>(runtime_keys)));
            continue;
        };
        if runtime_keys.contains(&option.name) {
            diagnostics.at(key.span(), computed_key(name));
            unreadable.push(option.name);
            continue;
        }
        match value::read(option.name, option.kind, written, &mut diagnostics) {
            Some(value) => {
                options.set(option.name, Some(value));
                readable.push(option.name);
            }
            None => unreadable.push(option.name),
        }
    }
    for name in readable.iter().chain(&unreadable) {
        for replaced in O::replaced_by(name).iter().filter(|it| !table.contains_key(**it)) {
            options.set(replaced, None);
        }
    }
    for refusal in options.refusals(&[], &unreadable) {
        // The file is only blamed for its own keys: the compiler has checked the code.
        let blamed = refusal.keys.iter().find(|key| readable.contains(key));
        if let Some(written) = blamed.and_then(|key| table.get(*key)) {
            diagnostics.at(written.span(), refusal.message);
        }
    }
    if diagnostics.is_empty() { Ok(options) } else { Err(diagnostics) }
}

/// Returns the keys that a table can set.
fn settable<O: Options>(runtime_keys: &[&str]) -> Vec<&'static str> {
    let names = O::OPTIONS.iter().map(|option| option.name);
    names.filter(|name| !runtime_keys.contains(name)).collect()
}

fn computed_key(name: &str) -> String {
    format!("`{name}` is an expression in the code, computed for each call: a file can't set it")
}
