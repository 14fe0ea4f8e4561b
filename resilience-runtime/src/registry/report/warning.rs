//! Mistakes that the type system can't see.

use std::fmt;
use std::time::Duration;

use crate::registry::declared::source::Declared;
use crate::registry::declared::{AnnotatedFunction, ItemKind, Layer};
use crate::registry::duplicates::{Duplicate, duplicates};
use crate::registry::index::{Item, functions_in_order};

/// A likely mistake of the program. Displayed as a sentence that says what to do.
///
/// ```standalone_crate
/// use resilience::report::Warning;
///
/// let report = resilience::registry().report();
/// for warning in report.warnings() {
///     match warning {
///         Warning::Duplicate(duplicate) => panic!("{duplicate}"),
///         _ => eprintln!("{warning}"),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Warning {
    /// Two statics or functions have one name.
    Duplicate(Duplicate),
    /// Functions on one breaker have different timeouts: the failures of the one with the shortest
    /// open it for all.
    ///
    /// For each function the shortest known limit counts: not the value of an expression that each
    /// call has its own of, nor an adaptive limit.
    #[non_exhaustive]
    DifferentTimeouts {
        /// The breaker's name.
        breaker: &'static str,
        /// The functions by path, and their limits.
        limits: Vec<(&'static str, Duration)>,
    },
    /// A static in a [`register!`](crate::register) that no function names, and that has let no
    /// call through since the start.
    ///
    /// A static that is in no `register!` is not known if no function names it. (If it is not `pub`,
    /// rustc says that it is unused.)
    #[non_exhaustive]
    Unused {
        /// Kind of the static.
        kind: ItemKind,
        /// Name of the static.
        name: &'static str,
        /// File and line of the `register!`.
        listed: (&'static str, u32),
    },
    /// A retry failed inside an attempt of another retry, which does the retrying for both.
    #[non_exhaustive]
    NestedRetries {
        /// The function inside, by path; or the name of a [`Policy`](crate::Policy) or
        /// [`RetryPolicy`](crate::RetryPolicy), for its own `call`.
        function: &'static str,
        /// Number of times since the start.
        times: u64,
    },
}

pub(super) fn all_warnings(items: &[Item]) -> Vec<Warning> {
    let duplicates = duplicates().into_iter().map(Warning::Duplicate);
    let timeouts = items.iter().filter_map(different_timeouts);
    let unused = items.iter().filter_map(unused);
    duplicates.chain(timeouts).chain(unused).chain(nested_retries(items)).collect()
}

fn different_timeouts(item: &Item) -> Option<Warning> {
    let Some((ItemKind::CircuitBreaker, breaker)) = item.declared.name() else { return None };
    let limit =
        |function: &&'static AnnotatedFunction| Some((function.path(), shortest_known(function)?));
    let limits: Vec<_> = item.functions.iter().filter_map(limit).collect();
    let differ = limits.windows(2).any(|pair| pair[0].1 != pair[1].1);
    differ.then_some(Warning::DifferentTimeouts { breaker, limits })
}

fn shortest_known(function: &AnnotatedFunction) -> Option<Duration> {
    let fixed = function.layers().iter().filter(|layer| layer.adaptive_timeout().is_none());
    fixed.filter_map(Layer::timeout).min()
}

fn unused(item: &Item) -> Option<Warning> {
    let listed = item.listed?;
    let (kind, name) = item.declared.name()?;
    (item.functions.is_empty() && !item.is_part && !was_called(item.declared))
        .then_some(Warning::Unused { kind, name, listed })
}

/// By code that no attribute fits.
fn was_called(declared: Declared) -> bool {
    match declared {
        Declared::CircuitBreaker(breaker) => breaker.was_called(),
        Declared::Bulkhead(bulkhead) => bulkhead.was_called(),
        Declared::CircuitBreakers(keyed) => !keyed.all().is_empty(),
        Declared::Bulkheads(keyed) => !keyed.all().is_empty(),
        Declared::Policy(policy) => policy.stats_of_calls().calls > 0,
        Declared::RetryPolicy(policy) => policy.stats_of_calls().calls > 0,
        Declared::AdaptiveTimeout(timeout) => timeout.was_called(),
        // Only retry policies use a budget.
        Declared::RetryBudget(_) | Declared::Limit(_) => false,
    }
}

fn nested_retries(items: &[Item]) -> impl Iterator<Item = Warning> {
    let functions = functions_in_order().map(|function| (function.path(), function.stats()));
    let called = items.iter().filter_map(|item| match item.declared {
        Declared::Policy(policy) => Some((policy.name(), policy.stats_of_calls())),
        Declared::RetryPolicy(policy) => Some((policy.name(), policy.stats_of_calls())),
        _ => None,
    });
    let counted = functions.chain(called).map(|(function, stats)| (function, stats.nested_retries));
    counted
        .filter(|(_, times)| *times > 0)
        .map(|(function, times)| Warning::NestedRetries { function, times })
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate(duplicate) => duplicate.fmt(f),
            Self::DifferentTimeouts { breaker, limits } => {
                write!(
                    f,
                    "the functions on circuit breaker `{breaker}` have different timeouts: "
                )?;
                for (number, (function, limit)) in limits.iter().enumerate() {
                    let separator = if number > 0 { ", " } else { "" };
                    write!(f, "{separator}`{function}` {limit:?}")?;
                }
                f.write_str(". The one with the shortest opens it for all: give them one limit, or breakers of their own")
            }
            Self::Unused { kind, name, listed: (file, line) } => {
                let nor = match kind {
                    ItemKind::RetryBudget => "",
                    _ => ", and no call has come through it",
                };
                write!(
                    f,
                    "{kind} `{name}`, listed at {file}:{line}, is not used: no function names it{nor}. Name it in an attribute, or remove it"
                )
            }
            Self::NestedRetries { function, times } => {
                let times =
                    if *times == 1 { String::from("once") } else { format!("{times} times") };
                write!(
                    f,
                    "`{function}` failed {times} inside an attempt of another retry, which does the retrying for both: remove one of \
                     the two, or say `nested = allow` if the attempts are meant to multiply"
                )
            }
        }
    }
}
