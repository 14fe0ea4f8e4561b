//! The attributes: their names, their keys, and other libraries' names for these keys. Data only.

use resilience_options::{
    BulkheadOptions, CircuitBreakerOptions, OptionInfo, Options, RetryOptions,
};
use syn::Path;

/// An attribute of a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttributeKind {
    Timeout,
    Retry,
    CircuitBreaker,
    Bulkhead,
    Fallback,
    Resilient,
}

/// Keys that every attribute takes: they apply to the whole stack.
pub(crate) const COMMON_KEYS: [&str; 2] = ["crate", "name"];

impl AttributeKind {
    pub(crate) const ALL: [Self; 6] = [
        Self::Timeout,
        Self::Retry,
        Self::CircuitBreaker,
        Self::Bulkhead,
        Self::Fallback,
        Self::Resilient,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Retry => "retry",
            Self::CircuitBreaker => "circuit_breaker",
            Self::Bulkhead => "bulkhead",
            Self::Fallback => "fallback",
            Self::Resilient => "resilient",
        }
    }

    /// The attribute's name, as it is part of the names of types.
    pub(crate) const fn type_name(self) -> &'static str {
        match self {
            Self::Timeout => "Timeout",
            Self::Retry => "Retry",
            Self::CircuitBreaker => "CircuitBreaker",
            Self::Bulkhead => "Bulkhead",
            Self::Fallback => "Fallback",
            Self::Resilient => "Resilient",
        }
    }

    /// The keys of the form `key = value` beside [`COMMON_KEYS`], in the order of messages.
    pub(crate) fn keys(self) -> impl Iterator<Item = &'static str> {
        self.own_keys().iter().copied().chain(self.options().iter().map(|option| option.name))
    }

    /// The keys that a configuration file does not have.
    const fn own_keys(self) -> &'static [&'static str] {
        match self {
            Self::Timeout => &["cancel"],
            Self::Retry => &["when", "when_ok", "budget"],
            Self::CircuitBreaker => &["when", "when_ok"],
            Self::Bulkhead => &[],
            Self::Fallback => &["value", "when"],
            Self::Resilient => &["when", "when_ok", "fallback", "value"],
        }
    }

    /// The options of the policy. Each is a key too.
    const fn options(self) -> &'static [OptionInfo] {
        match self {
            Self::Retry => RetryOptions::OPTIONS,
            Self::CircuitBreaker => CircuitBreakerOptions::OPTIONS,
            Self::Bulkhead => BulkheadOptions::OPTIONS,
            Self::Timeout | Self::Fallback | Self::Resilient => &[],
        }
    }

    /// Returns true if the attribute takes `key = …`.
    pub(crate) fn takes(self, key: &str) -> bool {
        COMMON_KEYS.contains(&key) || self.keys().any(|known| known == key)
    }

    /// The key that other libraries call `alias`, if the attribute takes it.
    pub(crate) fn key_by_alias(self, alias: &str) -> Option<&'static str> {
        self.keys().find(|key| {
            ALIASES.iter().any(|(known, aliases)| known == key && aliases.contains(&alias))
        })
    }

    /// The attribute that a path names: `retry`, `resilience::retry`, or `retry` in the crate that
    /// `crate = …` names.
    pub(crate) fn of(path: &Path, runtime: Option<&Path>) -> Option<Self> {
        let names = |path: &Path| {
            path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>()
        };
        let mut written = names(path);
        let last = written.pop()?;
        let is_ours = written.is_empty()
            || written == ["resilience"]
            || runtime.is_some_and(|runtime| names(runtime) == written);
        Self::ALL.into_iter().find(|kind| is_ours && kind.name() == last)
    }
}

/// Other libraries' names for the number of attempts; most of them do not count the first call.
pub(crate) const MAX_ATTEMPTS_ALIASES: [&str; 8] = [
    "attempts",
    "max_retries",
    "max_retry_attempts",
    "retries",
    "times",
    "tries",
    "max_times",
    "retry_count",
];

/// Our keys, and other libraries' names for them.
const ALIASES: [(&str, &[&str]); 8] = [
    (
        "base_delay",
        &[
            "delay",
            "initial_delay",
            "min_delay",
            "initial_interval",
            "interval",
            "initial_backoff",
            "wait",
            "wait_duration",
        ],
    ),
    ("max_delay", &["max_interval", "max_backoff", "max_wait_duration"]),
    ("factor", &["multiplier", "exponential_base"]),
    ("max_elapsed", &["max_elapsed_time", "max_total_delay", "max_duration"]),
    ("when", &["if", "on", "only_if", "retry_if", "retry_on", "condition", "filter", "predicate"]),
    ("consecutive_failures", &["failures", "max_failures", "threshold", "run", "in_a_row"]),
    ("open_for", &["cooldown", "recovery_timeout", "reset_timeout", "sleep_window"]),
    ("max_concurrent", &["concurrency", "limit", "max_concurrent_calls", "permits", "size"]),
];
