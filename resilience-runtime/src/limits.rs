//! Limits in force, and their origins.

use std::fmt::{self, Display};
use std::hash::Hash;
use std::time::Duration;

use resilience_options::{OptionInfo, Options, TimeoutOptions, Value, duration};
#[cfg(feature = "serde")]
use serde::ser::SerializeStruct;

use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::combined::Policy;
use crate::policy::configurable::Configurable;
use crate::policy::keyed::{Keyed, KeyedInstances};
use crate::policy::rate_limiter::RateLimiter;
use crate::policy::retry::RetryPolicy;
use crate::policy::retry_budget::RetryBudget;
use crate::policy::timeout::AdaptiveTimeout;

/// Limits of a policy that are in force at one moment, returned by `limits()` of the policy.
/// Displayed as `max_concurrent = 5, max_wait = 200ms (file)`.
///
/// ```
/// use resilience::Bulkhead;
/// use resilience::limits::{LimitValue, Origin};
///
/// static POOL: Bulkhead = Bulkhead::new("payment").max_concurrent(5);
///
/// let limits = POOL.limits();
/// let limit = limits.get("max_concurrent").expect("every bulkhead has this limit");
/// assert_eq!(limit.value(), LimitValue::Number(5));
/// assert_eq!(limit.origin(), Origin::Code);
///
/// POOL.resize(8);
/// let limits = POOL.limits();
/// let limit = limits.get("max_concurrent").expect("every bulkhead has this limit");
/// assert_eq!((limit.value(), limit.origin()), (LimitValue::Number(8), Origin::ByHand));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Limits(Vec<Limit>);

/// One limit in force. Displayed as `max_concurrent = 5`, with its origin unless it is the code.
///
/// ```
/// use resilience::RetryPolicy;
///
/// static STANDARD: RetryPolicy = RetryPolicy::new("standard").max_attempts(4);
///
/// for limit in STANDARD.limits() {
///     println!("{}: {} ({}, {})", limit.name(), limit.value(), limit.about(), limit.origin());
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Limit {
    name: &'static str,
    about: &'static str,
    value: LimitValue,
    origin: Origin,
}

/// Value of a limit. Displayed as it is written in an attribute: `500ms`, `0.5`, `full`. With the
/// feature `serde` it is serialized as a file gives it: numbers as numbers, `true` as `true`, a
/// growth as `factor` and `max`, a rate as `calls` and `period`, all others as text.
///
/// ```
/// use resilience::CircuitBreaker;
/// use resilience::limits::LimitValue;
/// use std::time::Duration;
///
/// static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");
///
/// let open_for = PAYMENT.limits().get("open_for").map(|limit| limit.value());
/// assert_eq!(open_for, Some(LimitValue::Duration(Duration::from_secs(30))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum LimitValue {
    /// Whole number.
    Number(u32),
    /// Floating-point number.
    Float(f64),
    /// Duration.
    Duration(Duration),
    /// `true` or `false`.
    Switch(bool),
    /// One of a few words.
    Word(&'static str),
    /// Factor and longest spell of an `open_backoff`.
    #[non_exhaustive]
    Growth {
        /// Factor from one spell to the next.
        factor: f64,
        /// Longest spell.
        max: Duration,
    },
    /// Number of calls and the time for them, of a `per`.
    #[non_exhaustive]
    Rate {
        /// Number of calls.
        calls: u32,
        /// Time for these calls.
        period: Duration,
    },
    /// Function in the code.
    Function,
    /// Expression in the attribute, computed for each call.
    Computed,
}

/// Origin of a limit.
///
/// ```
/// use resilience::Bulkhead;
/// use resilience::limits::Origin;
///
/// static POOL: Bulkhead = Bulkhead::new("stock");
///
/// let changed = |origin| POOL.limits().iter().filter(|limit| limit.origin() == origin).count();
/// assert_eq!((changed(Origin::File), changed(Origin::ByHand)), (0, 0));
/// POOL.resize(3);
/// assert_eq!(changed(Origin::ByHand), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Origin {
    /// Code, or default.
    Code,
    /// Configuration file or text, applied by `Registry::configure` of the feature `toml`. The
    /// value differs from that of the code: the file sets this option, or another one that it
    /// follows.
    File,
    /// Call of a function such as [`Bulkhead::resize`](crate::Bulkhead::resize).
    ByHand,
}

impl Limits {
    /// Returns the limits in force, without limits that are off or have no effect in combination
    /// with the others.
    pub(crate) fn of<P: Configurable>(policy: &P) -> Self {
        let (declared, now) = (&policy.options().declared, policy.options().get());
        let limit = |option: &OptionInfo| {
            let OptionInfo { name, about, .. } = *option;
            if policy.runtime_keys().contains(&name) {
                let (value, origin) = (LimitValue::Computed, Origin::Code);
                return Some(Limit { name, about, value, origin });
            }
            let value = now.in_force(name)?;
            let is_of_code = declared.in_force(name) == Some(value);
            let origin = if is_of_code { Origin::Code } else { Origin::File };
            Some(Limit { name, about, value: LimitValue::of(value), origin })
        };
        Self(P::Options::OPTIONS.iter().filter_map(limit).collect())
    }

    /// Returns the limit of a timeout in force.
    pub(crate) fn of_timeout(now: Duration, declared: Duration) -> Self {
        let origin = if now == declared { Origin::Code } else { Origin::File };
        let limit = |option: &OptionInfo| {
            let value = LimitValue::Duration(now);
            Limit { name: option.name, about: option.about, value, origin }
        };
        Self(TimeoutOptions::OPTIONS.iter().map(limit).collect())
    }

    /// Returns the same limits, of which one was set by hand.
    pub(crate) fn with_number_by_hand(mut self, name: &str, number: u32) -> Self {
        for limit in self.0.iter_mut().filter(|limit| limit.name == name) {
            (limit.value, limit.origin) = (LimitValue::Number(number), Origin::ByHand);
        }
        self
    }

    /// Returns the limit of this name, if it is in force.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Limit> {
        self.0.iter().find(|limit| limit.name == name)
    }

    /// Returns an iterator over the limits, in the order in which the documentation lists them.
    pub fn iter(&self) -> std::slice::Iter<'_, Limit> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Limits {
    type Item = &'a Limit;
    type IntoIter = std::slice::Iter<'a, Limit>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Limits {
    type Item = Limit;
    type IntoIter = std::vec::IntoIter<Limit>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Limit {
    /// Name of the limit: the name of the argument, the builder method and the key in a file.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Meaning of the limit, in a few words.
    #[must_use]
    pub const fn about(&self) -> &'static str {
        self.about
    }

    /// Value in force.
    #[must_use]
    pub const fn value(&self) -> LimitValue {
        self.value
    }

    /// Origin of the value.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }
}

impl LimitValue {
    fn of(value: Value) -> Self {
        match value {
            Value::Number(number) => Self::Number(number),
            Value::Float(number) => Self::Float(number),
            Value::Duration(duration) => Self::Duration(duration),
            Value::Word(word) => Self::Word(word),
            Value::Switch(is_on) => Self::Switch(is_on),
            Value::Growth { factor, max } => Self::Growth { factor, max },
            Value::Rate { calls, period } => Self::Rate { calls, period },
            Value::Function => Self::Function,
        }
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, limit) in self.0.iter().enumerate() {
            let separator = if index > 0 { ", " } else { "" };
            write!(f, "{separator}{limit}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.name, self.value)?;
        if self.origin == Origin::Code { Ok(()) } else { write!(f, " ({})", self.origin) }
    }
}

impl fmt::Display for LimitValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Float(number) => write!(f, "{number:?}"),
            Self::Duration(duration) => f.write_str(&duration::format(*duration)),
            Self::Word(word) => f.write_str(word),
            Self::Growth { factor, max } => {
                write!(f, "({factor:?}, {})", duration::format(*max))
            }
            Self::Switch(is_on) => is_on.fmt(f),
            Self::Rate { calls, period } => write!(f, "({calls}, {})", duration::format(*period)),
            Self::Function => f.write_str("a function"),
            Self::Computed => f.write_str("computed for each call"),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for LimitValue {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_u32(*number),
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::Growth { factor, max } => {
                let mut growth = serializer.serialize_struct("Growth", 2)?;
                growth.serialize_field("factor", factor)?;
                growth.serialize_field("max", &duration::format(*max))?;
                growth.end()
            }
            Self::Switch(is_on) => serializer.serialize_bool(*is_on),
            Self::Rate { calls, period } => {
                let mut rate = serializer.serialize_struct("Rate", 2)?;
                rate.serialize_field("calls", calls)?;
                rate.serialize_field("period", &duration::format(*period))?;
                rate.end()
            }
            Self::Duration(_) | Self::Word(_) | Self::Function | Self::Computed => {
                serializer.collect_str(self)
            }
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Code => "code",
            Self::File => "file",
            Self::ByHand => "by hand",
        })
    }
}

macro_rules! limits {
    ($($policy:ty),*) => {$(
        impl $policy {
            /// Returns the limits in force with their origins: the code, or a file.
            #[must_use]
            pub fn limits(&self) -> Limits {
                Limits::of(self)
            }
        }
    )*};
}

limits!(CircuitBreaker, RateLimiter, RetryPolicy, RetryBudget, AdaptiveTimeout);

impl Bulkhead {
    /// Returns the limits in force with their origins: the code, a file, or
    /// [`resize`](Self::resize).
    #[must_use]
    pub fn limits(&self) -> Limits {
        let limits = Limits::of(self);
        match self.resized() {
            Some(slots) => limits.with_number_by_hand("max_concurrent", slots),
            None => limits,
        }
    }
}

macro_rules! limits_of_keyed {
    ($($policy:ty),*) => {$(
        impl<K: Clone + Eq + Hash + Display + Send + Sync> Keyed<$policy, K> {
            /// Returns the limits in force of the template, which each new instance gets. Their
            /// origin is the code, or a file.
            #[must_use]
            pub fn limits(&self) -> Limits {
                self.template().limits()
            }
        }
    )*};
}

limits_of_keyed!(CircuitBreaker, Bulkhead, RateLimiter);

impl Policy {
    /// Returns the limit of each attempt in force with its origin. [`layers`](Self::layers) returns
    /// the policies of the other layers, which have limits of their own.
    #[must_use]
    pub fn limits(&self) -> Limits {
        match &self.timeout {
            Some(limit) => Limits::of_timeout(limit.get(), limit.declared),
            None => Limits(Vec::new()),
        }
    }
}
