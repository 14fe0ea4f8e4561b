//! One table of limits, read over what the code declares.

use toml::de::DeTable;

use super::diagnostics::Diagnostics;
use super::keys::{Keys, Options, Value};
use super::nearest::nearest;

/// The limits of `declared`, where the table does not give others. `runtime_keys` lists what the
/// code gives anew for each call.
pub(super) fn read<L: Options>(
    declared: L,
    table: &DeTable<'_>,
    runtime_keys: &[&str],
) -> Result<L, Diagnostics> {
    let mut reading = TableReading::of(table);
    let mut options = declared;
    options.keys(&mut reading);
    let TableReading { known, mut wrong, mut diagnostics, .. } = reading;

    for key in table.keys() {
        let name = key.get_ref().as_ref();
        if !known.contains(&name) {
            let known: Vec<_> =
                known.iter().copied().filter(|key| !runtime_keys.contains(key)).collect();
            let hint = nearest(name, &known)
                .unwrap_or_else(|| format!("the keys here are {}", listed(&known)));
            diagnostics.at(key.span(), format!("unknown key `{name}`: {hint}"));
        } else if runtime_keys.contains(&name) {
            diagnostics.at(
                key.span(),
                format!(
                    "`{name}` is an expression in the code, which gives it anew for each call: a file can't"
                ),
            );
        }
    }
    let given: Vec<&'static str> =
        known.into_iter().filter(|key| table.contains_key(*key)).collect();
    wrong.extend(given.iter().filter(|key| runtime_keys.contains(key)));
    each_by_itself::<L>(table, &given, &mut wrong, &mut diagnostics);
    together(declared, table, &given, &wrong, &mut diagnostics);
    if diagnostics.is_empty() { Ok(options) } else { Err(diagnostics) }
}

/// `a`, `b`
pub(super) fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Values that can't be right whatever the others are.
fn each_by_itself<L: Options>(
    table: &DeTable<'_>,
    given: &[&'static str],
    wrong: &mut Vec<&'static str>,
    diagnostics: &mut Diagnostics,
) {
    for key in given {
        let mut alone = L::DEFAULTS;
        alone.keys(&mut TableReading { only: Some(key), ..TableReading::of(table) });
        if let Some(reason) = alone.refusal() {
            at_value(table, key, reason, diagnostics);
            wrong.push(key);
        }
    }
}

/// Values that are wrong beside the others, of the table or of the code. What has been found wrong
/// is left out then, so that it does not hide what else is. What is said to be wrong because of a
/// key that is `wrong` by itself may be right when that has been fixed: it is not reported.
fn together<L: Options>(
    declared: L,
    table: &DeTable<'_>,
    given: &[&'static str],
    wrong: &[&'static str],
    diagnostics: &mut Diagnostics,
) {
    let mut left_out = wrong.to_vec();
    loop {
        let mut options = declared;
        options.keys(&mut TableReading { left_out: &left_out, ..TableReading::of(table) });
        let mut remaining = given.iter().copied().filter(|key| !left_out.contains(key));
        let refused = options.refusal().and_then(|reason| {
            let named = words(reason).find_map(|word| remaining.clone().find(|key| *key == word));
            named.or_else(|| remaining.clone().next()).map(|key| (key, reason))
        });
        let found = refused
            .or_else(|| remaining.find_map(|key| options.idle(key).map(|reason| (key, reason))));
        let Some((key, reason)) = found else { return };
        if !words(reason).any(|word| wrong.contains(&word)) {
            at_value(table, key, reason, diagnostics);
        }
        left_out.push(key);
    }
}

fn words(sentence: &str) -> impl Iterator<Item = &str> {
    sentence.split(|c: char| !(c.is_ascii_lowercase() || c == '_'))
}

fn at_value(table: &DeTable<'_>, key: &str, reason: &str, diagnostics: &mut Diagnostics) {
    if let Some(value) = table.get(key) {
        diagnostics.at(value.span(), reason);
    }
}

/// Sets the limits that a table gives.
struct TableReading<'t> {
    table: &'t DeTable<'t>,
    /// Nothing but this one.
    only: Option<&'t str>,
    /// As if nobody had said anything about them.
    left_out: &'t [&'static str],
    known: Vec<&'static str>,
    /// What could not be read.
    wrong: Vec<&'static str>,
    diagnostics: Diagnostics,
}

impl<'t> TableReading<'t> {
    fn of(table: &'t DeTable<'t>) -> Self {
        Self {
            table,
            only: None,
            left_out: &[],
            known: Vec::new(),
            wrong: Vec::new(),
            diagnostics: Diagnostics::default(),
        }
    }

    fn gives(&self, key: &str) -> bool {
        self.table.contains_key(key)
            && !self.left_out.contains(&key)
            && self.only.is_none_or(|only| only == key)
    }

    fn read<T: Value>(&mut self, key: &'static str) -> Option<T> {
        self.known.push(key);
        let written = self.table.get(key).filter(|_| self.gives(key))?;
        let read = T::read(key, written, &mut self.diagnostics);
        if read.is_none() {
            self.wrong.push(key);
        }
        read
    }
}

impl Keys for TableReading<'_> {
    fn limit<T: Value>(&mut self, key: &'static str, _about: &'static str, limit: &mut T) {
        if let Some(given) = self.read(key) {
            *limit = given;
        }
    }

    fn option<T: Value>(
        &mut self,
        key: &'static str,
        _about: &'static str,
        limit: &mut Option<T>,
        _holds: Option<T>,
    ) {
        if self.left_out.contains(&key) {
            *limit = None;
        }
        if let Some(given) = self.read(key) {
            *limit = Some(given);
        }
    }

    fn instead<T>(&mut self, given: &'static str, of: &mut Option<T>) {
        if self.gives(given) {
            *of = None;
        }
    }
}
