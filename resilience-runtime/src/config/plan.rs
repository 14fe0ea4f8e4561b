//! From a text to what is to be done: everything is checked before anything is changed.

use std::task::Waker;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostics::Diagnostics;
use super::error::ConfigError;
use super::keys::{Configurable, Written};
use super::nearest::nearest;
use super::policies::read_timeout;
use super::table;
use super::target::{Of, Stack, Target, Targets};
use super::toml_path::path;
use super::waits::{Attempts, Wait, Waits};
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
            let hint = nearest(name, &SECTIONS)
                .unwrap_or_else(|| format!("the tables are {}", table::listed(&SECTIONS)));
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
        let section = root.get(T::SECTION).and_then(|section| self.table(section));
        let names: Vec<&str> = all.iter().map(|one| one.name()).collect();
        self.names(section, T::KIND, &names, |name| {
            elsewhere(name).or_else(|| unquoted(T::SECTION, name, &names))
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
                    let hint =
                        elsewhere(name).or_else(|| nearest(name, names)).unwrap_or_else(|| {
                            match names {
                                [] => String::from("the registry lists none"),
                                names if names.len() > MOST_LISTED => {
                                    format!(
                                        "there are {}, `registry().to_toml()` tells their names",
                                        names.len()
                                    )
                                }
                                names => format!("there is {}", table::listed(names)),
                            }
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
                let hint = nearest(name, &PARTS)
                    .unwrap_or_else(|| format!("the keys here are {}", table::listed(&PARTS)));
                self.diagnostics.at(key.span(), format!("unknown key `{name}`: {hint}"));
            }
        }
        let mut waits = Waits::default();
        let given = self.part(stack.of, table, LayerKind::Timeout, stack.timeouts.len());
        for (timeout, given) in stack.timeouts.iter().zip(given) {
            waits.limits.push_back(self.timeout(timeout, given));
        }
        let given = self.part(stack.of, table, LayerKind::Retry, stack.retries.len());
        for (retry, given) in stack.retries.iter().zip(given) {
            let target = Target::One(retry.policy);
            let options = self.set(target, given, retry.runtime_keys);
            waits.retries.push_back(options.map(|options| Attempts {
                options,
                in_code: target.declared(),
                runtime_keys: retry.runtime_keys,
                table: given,
            }));
        }
        let given = self.part(stack.of, table, LayerKind::CircuitBreaker, stack.breakers.len());
        for (breaker, given) in stack.breakers.iter().zip(given) {
            self.set(Target::One(*breaker), given, &[]);
        }
        let given = self.part(stack.of, table, LayerKind::Bulkhead, stack.bulkheads.len());
        for (bulkhead, given) in stack.bulkheads.iter().zip(given) {
            let target = Target::One(*bulkhead);
            let (options, in_code) = (self.set(target, given, &[]), target.declared());
            // One that the code does not give waits as long as the timeouts around let it.
            let options = options.filter(|options| {
                in_code.max_wait.is_some() || options.max_wait() != in_code.max_wait()
            });
            waits.bulkheads.push_back(
                options.map(|options| {
                    Wait::of(options.max_wait(), in_code.max_wait, given, "max_wait")
                }),
            );
        }
        if let Of::Function(function) = stack.of {
            waits.are_shorter_than_timeouts_around(function.layers(), &mut self.diagnostics);
        }
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

    /// `None` with a mistake.
    fn timeout(
        &mut self,
        timeout: &'static Reloadable<Duration>,
        given: Option<&Written<'_>>,
    ) -> Option<Wait> {
        let limit = match given {
            Some(given) => Some(read_timeout(given, &mut self.diagnostics)?),
            None => None,
        };
        self.steps.push(Box::new(move || {
            timeout.replace(limit);
            Vec::new()
        }));
        Some(Wait {
            time: limit.unwrap_or(timeout.declared),
            in_code: Some(timeout.declared),
            place: given.map(Spanned::span),
        })
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
