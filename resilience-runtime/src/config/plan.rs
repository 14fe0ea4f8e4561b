//! Plan of the changes that a text makes. The whole text is checked before anything changes.

use std::task::Waker;
use std::time::Duration;

use resilience_options::{OptionValue, Options, TimeoutOptions, text};
use toml::de::{DeTable, DeValue};

use super::diagnostics::Diagnostics;
use super::error::ConfigError;
use super::quoted::{Quoted, unknown_key};
use super::table;
use super::target::{Of, Stack, Target, Targets};
use super::timing::{OwnLayers, Set};
use super::toml_path::path;
use super::value::{self, Written};
use crate::policy::configurable::Configurable;
use crate::registry::declared::LayerKind;
use crate::sync::Reloadable;

/// Tables that a file may have.
const SECTIONS: [&str; 8] = [
    "circuit_breaker",
    "bulkhead",
    "rate_limiter",
    "retry",
    "retry_budget",
    "adaptive_timeout",
    "policy",
    "function",
];
/// Keys that the table of a policy or a function may have.
const LAYER_KEYS: [&str; 5] = ["timeout", "retry", "circuit_breaker", "bulkhead", "rate_limiter"];

/// Number of names that a message has room for.
const MAX_LISTED_NAMES: usize = 12;

/// Hint for a name in a section of `static`s that the program does not have.
const NONE_REGISTERED: &str =
    "none is registered; a `static` is registered by an attribute that names it, or by `register!`";

/// Replaces the limits of one policy. Returns the wakers of the callers that this admits.
pub(super) type Step = Box<dyn FnOnce() -> Vec<Waker>>;

/// Steps and mistakes that have been read.
#[derive(Default)]
struct Plan {
    diagnostics: Diagnostics,
    steps: Vec<Step>,
}

/// Returns a step for everything that can be configured: it sets the options of the text, or
/// restores the options of the code.
pub(super) fn of(text: &str) -> Result<Vec<Step>, ConfigError> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut plan = Plan::default();
    if errors.is_empty() {
        plan.root(root.get_ref(), &Targets::of_the_program());
    }
    for error in errors {
        plan.diagnostics.at(error.span().unwrap_or_default(), error.message());
    }
    if plan.diagnostics.is_empty() {
        Ok(plan.steps)
    } else {
        Err(ConfigError::refused(text, plan.diagnostics))
    }
}

impl Plan {
    fn root(&mut self, root: &DeTable<'_>, targets: &Targets) {
        for key in root.keys().filter(|key| !SECTIONS.contains(&key.get_ref().as_ref())) {
            self.diagnostics.at_with(key.span(), || {
                let name = key.get_ref();
                let hint = text::did_you_mean(name, &SECTIONS)
                    .unwrap_or_else(|| format!("the tables are {}", text::list(&SECTIONS)));
                format!("unknown table {}: {hint}", Quoted(name))
            });
        }
        self.named(root, &targets.breakers, |name| {
            targets.elsewhere(name, |stack| stack.breakers.first().copied())
        });
        self.named(root, &targets.bulkheads, |name| {
            targets.elsewhere(name, |stack| stack.bulkheads.first().copied())
        });
        self.named(root, &targets.limiters, |name| {
            targets.elsewhere(name, |stack| stack.limiters.first().copied())
        });
        self.named(root, &targets.retries, |name| {
            targets.elsewhere(name, |stack| stack.retries.first().copied())
        });
        self.named(root, &targets.budgets, |_| None);
        self.named(root, &targets.adaptive_timeouts, |_| None);
        self.stacks(root, "policy", "policy", &targets.policies);
        self.stacks(root, "function", "annotated function", &targets.functions);
    }

    /// Reads the section of all `static`s of one kind.
    fn named<T: Configurable>(
        &mut self,
        root: &DeTable<'_>,
        all: &[Target<T>],
        elsewhere: impl Fn(&str) -> Option<String>,
    ) {
        let section = root.get(T::Options::SECTION).and_then(|section| self.table(section));
        let names: Vec<&str> = all.iter().map(|target| target.name()).collect();
        self.check_names(section, T::Options::POLICY, &names, |name| {
            elsewhere(name)
                .or_else(|| unquoted(T::Options::SECTION, name, &names))
                .or_else(|| names.is_empty().then(|| String::from(NONE_REGISTERED)))
        });
        for target in all {
            let written = section.and_then(|section| section.get(target.name()));
            // A table for several of one name is already refused.
            self.set(*target, written.filter(|_| is_unique(target.name(), &names)));
        }
    }

    /// Reads the section of all policies, or of all functions.
    fn stacks(&mut self, root: &DeTable<'_>, section: &str, kind: &str, all: &[Stack]) {
        let tables = root.get(section).and_then(|section| self.table(section));
        let names: Vec<&str> = all.iter().map(|stack| stack.of.name()).collect();
        self.check_names(tables, kind, &names, |name| unquoted(section, name, &names));
        for stack in all {
            let written = tables.and_then(|tables| tables.get(stack.of.name()));
            self.stack(stack, written.filter(|_| is_unique(stack.of.name(), &names)));
        }
    }

    /// Reports each name in the section that is not the name of exactly one thing.
    fn check_names(
        &mut self,
        section: Option<&DeTable<'_>>,
        kind: &str,
        names: &[&str],
        elsewhere: impl Fn(&str) -> Option<String>,
    ) {
        for key in section.into_iter().flat_map(DeTable::keys) {
            let name = key.get_ref().as_ref();
            let quoted = Quoted(name);
            match names.iter().filter(|known| **known == name).count() {
                1 => {}
                0 => self.diagnostics.at_with(key.span(), || {
                    let hint = elsewhere(name)
                        .or_else(|| text::did_you_mean(name, names))
                        .unwrap_or_else(|| all(names));
                    format!("no {kind} has the name {quoted}: {hint}")
                }),
                count => self.diagnostics.at(
                    key.span(),
                    format!(
                        "the name {quoted} is not unique, and a file can't distinguish the \
                         {count} that have it: give each a unique name in the code"
                    ),
                ),
            }
        }
    }

    /// Plans the options of one policy: the options of the table, or of the code without a table.
    /// Returns the options, or `None` after it has reported a mistake.
    fn set<T: Configurable>(
        &mut self,
        target: Target<T>,
        written: Option<&Written<'_>>,
    ) -> Option<T::Options> {
        let Some(written) = written else {
            self.steps.push(Box::new(move || target.configure(None)));
            return Some(target.declared());
        };
        match table::read(target.declared(), self.table(written)?, target.runtime_keys()) {
            Ok(options) => {
                self.steps.push(Box::new(move || target.configure(Some(options))));
                Some(options)
            }
            Err(diagnostics) => {
                self.diagnostics.append(diagnostics);
                None
            }
        }
    }

    /// Reads the table of a policy, or of a function whose attributes declare layers inline.
    fn stack(&mut self, stack: &Stack, written: Option<&Written<'_>>) {
        let table = written.and_then(|written| self.table(written));
        for key in table.into_iter().flat_map(DeTable::keys) {
            let name = key.get_ref();
            if !LAYER_KEYS.contains(&name.as_ref()) {
                self.diagnostics.at_with(key.span(), || unknown_key(name, &LAYER_KEYS));
            }
        }
        let mut own = OwnLayers::default();
        let values = self.values(stack.of, table, LayerKind::Timeout, stack.timeouts.len());
        for (limit, written) in stack.timeouts.iter().zip(values) {
            own.timeouts.push_back(self.timeout(limit, written));
        }
        let values = self.values(stack.of, table, LayerKind::Retry, stack.retries.len());
        for (retry, written) in stack.retries.iter().zip(values) {
            own.retries.push_back(self.layer(*retry, written));
        }
        let values = self.values(stack.of, table, LayerKind::CircuitBreaker, stack.breakers.len());
        for (breaker, written) in stack.breakers.iter().zip(values) {
            own.breakers.push_back(self.layer(*breaker, written));
        }
        let values = self.values(stack.of, table, LayerKind::Bulkhead, stack.bulkheads.len());
        for (bulkhead, written) in stack.bulkheads.iter().zip(values) {
            own.bulkheads.push_back(self.layer(*bulkhead, written));
        }
        let values = self.values(stack.of, table, LayerKind::RateLimiter, stack.limiters.len());
        for (limiter, written) in stack.limiters.iter().zip(values) {
            own.limiters.push_back(self.layer(*limiter, written));
        }
        if let Of::Function(function) = stack.of {
            own.check(function.layers(), &mut self.diagnostics);
        }
    }

    /// Plans the options of one layer. Returns `None` after it has reported a mistake.
    fn layer<'t, T: Configurable>(
        &mut self,
        policy: &'static T,
        written: Option<&'t Written<'t>>,
    ) -> Option<Set<'t, T::Options>> {
        let target = Target::One(policy);
        let in_force = self.set(target, written)?;
        Some(Set { in_code: target.declared(), in_force, written })
    }

    /// Returns the value for each of the `count` layers of one kind. The table has one value, or a
    /// list with a value for each layer.
    fn values<'t>(
        &mut self,
        of: Of,
        table: Option<&'t DeTable<'t>>,
        kind: LayerKind,
        count: usize,
    ) -> Vec<Option<&'t Written<'t>>> {
        let no_values = vec![None; count];
        let Some((key, written)) =
            table.and_then(|table| table.get_key_value(kind.to_string().as_str()))
        else {
            return no_values;
        };
        let message = match (written.get_ref(), count) {
            (_, 0) => {
                self.diagnostics.at(key.span(), of.lacks(kind));
                return no_values;
            }
            (DeValue::Array(list), _) if list.len() == count => {
                return list.iter().map(Some).collect();
            }
            (DeValue::Array(_), 1) => {
                format!("`{}` has one `{kind}`: write it without a list", of.name())
            }
            (_, 1) => return vec![Some(written)],
            (_, count) => format!(
                "`{}` has {count} layers of this kind that a file can set: write a list with a \
                 value for each, from the outside in, as in `{}`",
                of.name(),
                match kind {
                    LayerKind::Timeout => "timeout = [\"5s\", \"800ms\"]".to_owned(),
                    _ => format!("{kind} = [{{}}, {{}}]"),
                }
            ),
        };
        self.diagnostics.at(written.span(), message);
        no_values
    }

    /// Plans the limit of one timeout. Returns `None` after it has reported a mistake.
    fn timeout<'t>(
        &mut self,
        limit: &'static Reloadable<Duration>,
        written: Option<&'t Written<'t>>,
    ) -> Option<Set<'t, Duration>> {
        let overriding = match written {
            Some(written) => Some(self.read_limit(written)?),
            None => None,
        };
        self.steps.push(Box::new(move || {
            limit.replace(overriding);
            Vec::new()
        }));
        let in_code = limit.declared;
        Some(Set { in_code, in_force: overriding.unwrap_or(in_code), written })
    }

    fn read_limit(&mut self, written: &Written<'_>) -> Option<Duration> {
        let option = TimeoutOptions::option("timeout")?;
        let value = value::read(option.name, option.kind, written, &mut self.diagnostics)?;
        let limit = OptionValue::from_value(value)?;
        if let Some(refusal) = TimeoutOptions::new(limit).first_refusal() {
            self.diagnostics.at(written.span(), refusal.message);
            return None;
        }
        Some(limit)
    }

    fn table<'t>(&mut self, written: &'t Written<'t>) -> Option<&'t DeTable<'t>> {
        let table = written.get_ref().as_table();
        if table.is_none() {
            self.diagnostics
                .at(written.span(), "expected a table of options here, as in `[bulkhead.payment]`");
        }
        table
    }
}

/// Returns all names, or their number if they are many.
fn all(names: &[&str]) -> String {
    match names {
        [] => String::from("this program has none"),
        names if names.len() > MAX_LISTED_NAMES => {
            format!("this program has {}, and `registry().to_toml()` lists them", names.len())
        }
        names => format!("this program has {}", text::list(names)),
    }
}

/// Returns a hint if a name with a point was written without quotes: in TOML, `[retry_budget.a.b]`
/// is a table of `a`.
fn unquoted(section: &str, found: &str, names: &[&str]) -> Option<String> {
    let prefix = format!("{found}.");
    let name = names.iter().find(|name| name.starts_with(&prefix))?;
    Some(format!("write a name with a point in quotes, as in `[{}]`", path(&[section, name])))
}

fn is_unique(name: &str, names: &[&str]) -> bool {
    names.iter().filter(|known| **known == name).count() == 1
}
