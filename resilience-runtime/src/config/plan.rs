//! From a text to what is to be done: everything is checked before anything is changed.

use std::task::Waker;
use std::time::Duration;

use resilience_options::{OptionValue, Options, TimeoutOptions, text};
use toml::de::{DeTable, DeValue};

use super::diagnostics::Diagnostics;
use super::error::ConfigError;
use super::table;
use super::target::{Of, Stack, Target, Targets};
use super::timing::{OwnLayers, Set};
use super::toml_path::path;
use super::value::{self, Written};
use crate::policy::configurable::Configurable;
use crate::registry::declared::LayerKind;
use crate::sync::Reloadable;

const SECTIONS: [&str; 7] = [
    "circuit_breaker",
    "bulkhead",
    "retry",
    "retry_budget",
    "adaptive_timeout",
    "policy",
    "function",
];
const PARTS: [&str; 4] = ["timeout", "retry", "circuit_breaker", "bulkhead"];

/// How many names a message has room for.
const MOST_LISTED: usize = 12;

/// Replaces one policy's limits.
type Step = Box<dyn FnOnce() -> Vec<Waker>>;

/// What has been read so far.
#[derive(Default)]
struct Plan {
    diagnostics: Diagnostics,
    steps: Vec<Step>,
}

/// A step for everything that can be configured: to what the text says, or back to what the code
/// says.
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
            let name = key.get_ref();
            let hint = text::did_you_mean(name, &SECTIONS)
                .unwrap_or_else(|| format!("the tables are {}", text::list(&SECTIONS)));
            self.diagnostics.at(key.span(), format!("there is no `{name}` to configure: {hint}"));
        }
        self.named(root, &targets.breakers, |name| {
            targets.elsewhere(name, |stack| stack.breakers.first().copied())
        });
        self.named(root, &targets.bulkheads, |name| {
            targets.elsewhere(name, |stack| stack.bulkheads.first().copied())
        });
        self.named(root, &targets.retries, |name| {
            targets.elsewhere(name, |stack| stack.retries.first().map(|retry| retry.policy))
        });
        self.named(root, &targets.budgets, |_| None);
        self.named(root, &targets.adaptive_timeouts, |_| None);
        self.stacks(root, "policy", "policy", &targets.policies);
        self.stacks(root, "function", "annotated function", &targets.functions);
    }

    /// All `static`s of one kind.
    fn named<T: Configurable>(
        &mut self,
        root: &DeTable<'_>,
        all: &[Target<T>],
        elsewhere: impl Fn(&str) -> Option<String>,
    ) {
        let section = root.get(T::Options::SECTION).and_then(|section| self.table(section));
        let names: Vec<&str> = all.iter().map(|one| one.name()).collect();
        self.names(section, T::Options::POLICY, &names, |name| {
            elsewhere(name).or_else(|| unquoted(T::Options::SECTION, name, &names))
        });
        for one in all {
            self.set(*one, section.and_then(|section| section.get(one.name())), &[]);
        }
    }

    fn stacks(&mut self, root: &DeTable<'_>, section: &str, kind: &str, all: &[Stack]) {
        let given = root.get(section).and_then(|section| self.table(section));
        let names: Vec<&str> = all.iter().map(|stack| stack.of.name()).collect();
        self.names(given, kind, &names, |name| unquoted(section, name, &names));
        for stack in all {
            self.stack(stack, given.and_then(|given| given.get(stack.of.name())));
        }
    }

    /// Every name in the section must be that of one thing.
    fn names(
        &mut self,
        section: Option<&DeTable<'_>>,
        kind: &str,
        names: &[&str],
        elsewhere: impl Fn(&str) -> Option<String>,
    ) {
        for key in section.into_iter().flat_map(DeTable::keys) {
            let name = key.get_ref().as_ref();
            let message = match names.iter().filter(|known| **known == name).count() {
                1 => continue,
                0 => {
                    let hint = elsewhere(name)
                        .or_else(|| text::did_you_mean(name, names))
                        .unwrap_or_else(|| match names {
                            [] => String::from("the registry lists none"),
                            names if names.len() > MOST_LISTED => {
                                format!(
                                    "there are {}, `registry().to_toml()` tells their names",
                                    names.len()
                                )
                            }
                            names => format!("there is {}", text::list(names)),
                        });
                    format!("no {kind} is called `{name}`: {hint}")
                }
                count => format!(
                    "{count} of this program are called `{name}`, and a file can't tell them apart: give each a name of its own"
                ),
            };
            self.diagnostics.at(key.span(), message);
        }
    }

    /// The limits of one policy, which it gives; as the code says if nothing is given. `None` with
    /// a mistake.
    fn set<T: Configurable>(
        &mut self,
        target: Target<T>,
        given: Option<&Written<'_>>,
        runtime_keys: &[&str],
    ) -> Option<T::Options> {
        let Some(given) = given else {
            self.steps.push(Box::new(move || target.configure(None)));
            return Some(target.declared());
        };
        match table::read(target.declared(), self.table(given)?, runtime_keys) {
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

    /// The layers of a policy, or those of a function that are written out in its attributes.
    fn stack(&mut self, stack: &Stack, given: Option<&Written<'_>>) {
        let table = given.and_then(|given| self.table(given));
        for key in table.into_iter().flat_map(DeTable::keys) {
            let name = key.get_ref();
            if !PARTS.contains(&name.as_ref()) {
                let hint = text::did_you_mean(name, &PARTS)
                    .unwrap_or_else(|| format!("the keys here are {}", text::list(&PARTS)));
                self.diagnostics.at(key.span(), format!("unknown key `{name}`: {hint}"));
            }
        }
        let mut own = OwnLayers::default();
        let given = self.part(stack.of, table, LayerKind::Timeout, stack.timeouts.len());
        for (limit, written) in stack.timeouts.iter().zip(given) {
            own.timeouts.push_back(self.timeout(limit, written));
        }
        let given = self.part(stack.of, table, LayerKind::Retry, stack.retries.len());
        for (retry, written) in stack.retries.iter().zip(given) {
            let set = self.layer(retry.policy, written, retry.runtime_keys);
            own.retries.push_back(set.map(|set| (set, retry.runtime_keys)));
        }
        let given = self.part(stack.of, table, LayerKind::CircuitBreaker, stack.breakers.len());
        for (breaker, written) in stack.breakers.iter().zip(given) {
            self.layer(*breaker, written, &[]);
        }
        let given = self.part(stack.of, table, LayerKind::Bulkhead, stack.bulkheads.len());
        for (bulkhead, written) in stack.bulkheads.iter().zip(given) {
            own.bulkheads.push_back(self.layer(*bulkhead, written, &[]));
        }
        if let Of::Function(function) = stack.of {
            own.check(function.layers(), &mut self.diagnostics);
        }
    }

    /// Options of one layer; `None` with a diagnostic.
    fn layer<'t, T: Configurable>(
        &mut self,
        policy: &'static T,
        written: Option<&'t Written<'t>>,
        runtime_keys: &[&str],
    ) -> Option<Set<'t, T::Options>> {
        let target = Target::One(policy);
        let in_force = self.set(target, written, runtime_keys)?;
        Some(Set { in_code: target.declared(), in_force, written })
    }

    /// What is given for each of so many layers of one kind: one value, or as many in a list.
    fn part<'t>(
        &mut self,
        of: Of,
        table: Option<&'t DeTable<'t>>,
        kind: LayerKind,
        count: usize,
    ) -> Vec<Option<&'t Written<'t>>> {
        let nothing = vec![None; count];
        let Some((key, given)) =
            table.and_then(|table| table.get_key_value(kind.to_string().as_str()))
        else {
            return nothing;
        };
        let message = match (given.get_ref(), count) {
            (_, 0) => {
                self.diagnostics.at(key.span(), of.lacks(kind));
                return nothing;
            }
            (DeValue::Array(list), _) if list.len() == count => {
                return list.iter().map(Some).collect();
            }
            (DeValue::Array(_), 1) => {
                format!("`{}` has one `{kind}`: write it without a list", of.name())
            }
            (_, 1) => return vec![Some(given)],
            (_, count) => format!(
                "`{}` has {count} of these that a file can set: give all of them in a list, from the outside in, as in `{}`",
                of.name(),
                match kind {
                    LayerKind::Timeout => "timeout = [\"5s\", \"800ms\"]".to_owned(),
                    _ => format!("{kind} = [{{}}, {{}}]"),
                }
            ),
        };
        self.diagnostics.at(given.span(), message);
        nothing
    }

    /// The limit of one timeout; `None` with a diagnostic.
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
        let in_code = *limit.declared();
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
                .at(written.span(), "expected a table of limits here, as in `[bulkhead.payment]`");
        }
        table
    }
}

/// TOML takes a point in a name apart: `[retry_budget.a.b]` is about `a`.
fn unquoted(section: &str, found: &str, names: &[&str]) -> Option<String> {
    let begins = format!("{found}.");
    let name = names.iter().find(|name| name.starts_with(&begins))?;
    Some(format!(
        "a name with a point in it stands in quotes, as in `[{}]`",
        path(&[section, name])
    ))
}
