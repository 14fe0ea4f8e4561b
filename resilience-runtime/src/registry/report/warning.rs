//! Likely mistakes that the compiler can't find.

use std::fmt;
use std::time::Duration;

use super::outlasted_probe::{Outlasted, outlasted};
use crate::call_stats::CallStats;
use crate::limits::{Limit, LimitValue};
use crate::outcome::OneLine;
use crate::policy::keyed::KeyedInstances;
use crate::registry::declared::source::Declared;
use crate::registry::declared::{AnnotatedFunction, ItemKind, Layer, LayerKind};
use crate::registry::duplicates::{Duplicate, duplicates};
use crate::registry::index::{Item, functions_in_order};
use crate::registry::no_effect::{NoEffect, without_effect};
use crate::registry::recent::Recent;

/// Likely mistake in the program. Displayed as a sentence with the fix.
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
    /// Several items have the same name.
    Duplicate(Duplicate),
    /// A declaration has no effect.
    NoEffect(NoEffect),
    /// Functions on one breaker have different timeouts. Failures of the function with the shortest
    /// timeout open the breaker for all.
    ///
    /// The shortest fixed limit of each function is compared. A limit that an expression computes
    /// for each call is unknown, and an adaptive limit is left out.
    #[non_exhaustive]
    DifferentTimeouts {
        /// Name of the breaker.
        breaker: &'static str,
        /// Path and limit of each function.
        limits: Vec<(&'static str, Duration)>,
    },
    /// A static in a [`register!`](crate::register) is not named by any function, and no call has
    /// come through it since the start of the program.
    ///
    /// A static that is neither in a `register!` nor named by a function is unknown to the
    /// registry. (If it is not `pub`, rustc warns about it.)
    #[non_exhaustive]
    Unused {
        /// Kind of the static.
        kind: ItemKind,
        /// Name of the static.
        name: &'static str,
        /// File and line of the `register!`.
        listed: (&'static str, u32),
    },
    /// A rate limiter is around a retry: it counts calls, and the dependency sees attempts.
    #[non_exhaustive]
    LimitedAboveRetry {
        /// Path of the function.
        function: &'static str,
        /// Name of the limiter, if it has one.
        limiter: Option<&'static str>,
    },
    /// A retry failed inside an attempt of another retry, which retries instead.
    #[non_exhaustive]
    NestedRetries {
        /// Path of the inner function; or the name of a policy, for a
        /// [`call`](crate::Policy::call) of its own.
        function: &'static str,
        /// Number of such failures since the start of the program.
        times: u64,
    },
    /// A breaker opens at a number of failures in its window (`failure_threshold`), and sees more
    /// than 200 calls in a window: the few errors that a busy dependency always has open it.
    #[non_exhaustive]
    NoisyThreshold {
        /// Name of the breaker.
        breaker: &'static str,
        /// Number of failures at which it opens.
        failures: u32,
        /// Length of its window.
        window: Duration,
        /// Number of calls in a window of the last minutes, on average.
        calls: u64,
    },
    /// A limit below a breaker is not shorter than its probes keep their places (`probe_timeout`,
    /// by default `open_for`): other calls take the places of probes that the limit still allows.
    ///
    /// A limit that an expression computes for each call is unknown, and an adaptive limit is left
    /// out. For a breaker that is declared inline, the compiler refuses such a limit.
    #[non_exhaustive]
    OutlastedProbe {
        /// Path of the function.
        function: &'static str,
        /// Name of the breaker.
        breaker: &'static str,
        /// Time after which a probe loses its place.
        probe_timeout: Duration,
        /// Limit below the breaker.
        limit: Duration,
    },
    /// Most calls of the last minutes were abandoned, and less than a tenth was answered, of at
    /// least ten: the callers are less patient than the limits of the function. Its breaker and its
    /// success rate do not see an outage.
    #[non_exhaustive]
    MostlyAbandoned {
        /// Path of the function.
        function: &'static str,
        /// Number of calls in the last minutes.
        calls: u64,
        /// Number of those that were abandoned.
        abandoned: u64,
    },
}

/// Number of calls in a window from which a number of failures is noise.
const BUSY: u64 = 200;

pub(super) fn all_warnings(items: &[Item]) -> Vec<Warning> {
    let duplicates = duplicates().into_iter().map(Warning::Duplicate);
    let timeouts = items.iter().filter_map(different_timeouts);
    let unused = items.iter().filter_map(unused);
    let recent = Recent::read();
    let noisy = items.iter().filter_map(|item| noisy_threshold(item, &recent));
    let abandoned = mostly_abandoned(&recent);
    duplicates
        .chain(without_effect().map(Warning::NoEffect))
        .chain(timeouts)
        .chain(unused)
        .chain(nested_retries(items))
        .chain(noisy)
        .chain(outlasted_probes())
        .chain(limited_above_retry())
        .chain(abandoned)
        .collect()
}

fn noisy_threshold(item: &Item, recent: &Recent) -> Option<Warning> {
    let Declared::CircuitBreaker(breaker) = item.declared else { return None };
    let limits = breaker.limits();
    let value = |name| limits.get(name).map(Limit::value);
    let (Some(LimitValue::Number(failures)), Some(LimitValue::Duration(window))) =
        (value("failure_threshold"), value("window"))
    else {
        return None;
    };
    let is_named = |function: &AnnotatedFunction| {
        item.functions.iter().any(|named| std::ptr::eq(*named, function))
    };
    let through = functions_in_order().zip(recent.functions()).filter(|(it, _)| is_named(it));
    let calls = recent.within(window, through.map(|(_, counts)| counts.calls).sum());
    let breaker = breaker.name();
    (calls > BUSY).then_some(Warning::NoisyThreshold { breaker, failures, window, calls })
}

fn outlasted_probes() -> impl Iterator<Item = Warning> {
    functions_in_order().flat_map(|function| {
        outlasted(function).map(|found| {
            let Outlasted { breaker, probe_timeout, limit } = found;
            Warning::OutlastedProbe { function: function.path(), breaker, probe_timeout, limit }
        })
    })
}

fn limited_above_retry() -> impl Iterator<Item = Warning> {
    functions_in_order().filter_map(|function| {
        let mut layers = function.layers().iter();
        let limiter = layers.find(|layer| layer.kind() == LayerKind::RateLimiter)?;
        let retries = layers.any(|layer| match layer.kind() {
            LayerKind::Retry => true,
            LayerKind::Resilient => layer.retry_policy().is_some(),
            _ => false,
        });
        let (function, limiter) = (function.path(), limiter.name());
        retries.then_some(Warning::LimitedAboveRetry { function, limiter })
    })
}

fn mostly_abandoned(recent: &Recent) -> impl Iterator<Item = Warning> {
    let counted = functions_in_order().zip(recent.functions());
    counted.filter(|(_, counts)| counts.is_mostly_abandoned()).map(|(function, counts)| {
        let CallStats { calls, abandoned, .. } = counts;
        Warning::MostlyAbandoned { function: function.path(), calls, abandoned }
    })
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

/// Returns `true` if code without an attribute has called the policy.
fn was_called(declared: Declared) -> bool {
    match declared {
        Declared::CircuitBreaker(breaker) => breaker.was_called(),
        Declared::Bulkhead(bulkhead) => bulkhead.was_called(),
        Declared::CircuitBreakers(keyed) => has_any(keyed),
        Declared::Bulkheads(keyed) => has_any(keyed),
        Declared::RateLimiter(limiter) => limiter.was_called(),
        Declared::RateLimiters(keyed) => has_any(keyed),
        Declared::Policy(policy) => policy.stats_of_calls().calls > 0,
        Declared::RetryPolicy(policy) => policy.stats_of_calls().calls > 0,
        Declared::AdaptiveTimeout(timeout) => timeout.was_called(),
        // Only retry policies use a budget.
        Declared::RetryBudget(_) | Declared::Limit(_) => false,
    }
}

fn has_any<P>(keyed: &dyn KeyedInstances<P>) -> bool {
    let mut has_any = false;
    keyed.each(&mut |_| has_any = true);
    has_any
}

fn nested_retries(items: &[Item]) -> impl Iterator<Item = Warning> {
    let functions = functions_in_order().map(|function| (function.path(), function.stats()));
    let policies = items.iter().filter_map(|item| match item.declared {
        Declared::Policy(policy) => Some((policy.name(), policy.stats_of_calls())),
        Declared::RetryPolicy(policy) => Some((policy.name(), policy.stats_of_calls())),
        _ => None,
    });
    let counted =
        functions.chain(policies).map(|(function, stats)| (function, stats.nested_retries));
    counted
        .filter(|(_, times)| *times > 0)
        .map(|(function, times)| Warning::NestedRetries { function, times })
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate(duplicate) => duplicate.fmt(f),
            Self::NoEffect(found) => found.fmt(f),
            Self::DifferentTimeouts { breaker, limits } => {
                let breaker = OneLine(breaker);
                write!(
                    f,
                    "the functions on circuit breaker `{breaker}` have different timeouts: "
                )?;
                for (number, (function, limit)) in limits.iter().enumerate() {
                    let separator = if number > 0 { ", " } else { "" };
                    write!(f, "{separator}`{}` {limit:?}", OneLine(function))?;
                }
                f.write_str(
                    ". Failures of the function with the shortest timeout open it for all: use one \
                     timeout, or one breaker per function",
                )
            }
            Self::Unused { kind, name, listed: (file, line) } => {
                let nor = match kind {
                    ItemKind::RetryBudget => "",
                    _ => ", and no call has come through it",
                };
                let name = OneLine(name);
                write!(
                    f,
                    "{kind} `{name}`, listed at {file}:{line}, is not used: no function names \
                     it{nor}. Name it in an attribute, or remove it"
                )
            }
            Self::NestedRetries { function, times } => {
                let function = OneLine(function);
                let times =
                    if *times == 1 { String::from("once") } else { format!("{times} times") };
                write!(
                    f,
                    "`{function}` failed {times} inside an attempt of another retry, which retries \
                     instead: remove one of the two, or write `nested = allow` if the attempts \
                     should multiply"
                )
            }
            Self::NoisyThreshold { breaker, failures, window, calls } => write!(
                f,
                "circuit breaker `{}` opens at {failures} failures within {window:?}, and \
                 sees {calls} calls in that time: it opens on noise. Use `failure_rate` or \
                 `consecutive_failures` in place of `failure_threshold`",
                OneLine(breaker)
            ),
            Self::OutlastedProbe { function, breaker, probe_timeout, limit } => write!(
                f,
                "a probe of circuit breaker `{}` loses its place after {probe_timeout:?}, \
                 before the timeout of `{}` ({limit:?}) passes: more and more probes run \
                 beside each other. Use a shorter timeout, or a longer `probe_timeout`",
                OneLine(breaker),
                OneLine(function)
            ),
            Self::LimitedAboveRetry { function, limiter } => {
                let limiter = limiter.map_or_else(String::new, |name| format!(" `{name}`"));
                write!(
                    f,
                    "rate limiter{limiter} of `{function}` counts calls, and the retry inside it \
                     makes several attempts of each: the dependency sees more than the limit. \
                     Write the `#[rate_limiter]` below the `#[retry]`"
                )
            }
            Self::MostlyAbandoned { function, calls, abandoned } => write!(
                f,
                "the callers of `{}` went away before the end of {abandoned} of the last \
                 {calls} calls, and hardly any was answered: they are less patient than its \
                 limits, and its breaker does not see an outage. Use a shorter timeout, or \
                 `slow_call` or `on_abandon = failure` on the breaker",
                OneLine(function)
            ),
        }
    }
}
