//! `#[retry]`

use proc_macro2::Ident;
use resilience_options::RetryOptions;
use syn::{Expr, Path};

use super::options::{WrittenOption, WrittenOptions, WrittenValue};

pub(crate) struct Retry {
    pub(crate) plan: RetryPlan,
    pub(crate) when: Option<Expr>,
    pub(crate) when_ok: Option<Expr>,
    /// The parameters in `clone(order, items)`.
    pub(crate) cloned: Vec<Ident>,
}

/// The source of attempts and delays.
pub(crate) enum RetryPlan {
    /// A `static RetryPolicy`.
    Shared(Path),
    /// The stack's policy.
    OfPolicy,
    /// The attribute itself.
    Inline(Box<InlineRetry>),
}

/// The options in the attribute.
pub(crate) struct InlineRetry {
    pub(crate) options: WrittenOptions<RetryOptions>,
    /// A `static RetryBudget`.
    pub(crate) budget: Option<Path>,
}

impl Retry {
    /// The options in the attribute, if there is no shared policy.
    pub(crate) const fn inline(&self) -> Option<&InlineRetry> {
        match &self.plan {
            RetryPlan::Inline(inline) => Some(inline),
            RetryPlan::Shared(_) | RetryPlan::OfPolicy => None,
        }
    }
}

impl InlineRetry {
    /// The options that are set once, for all calls.
    pub(crate) fn constants(&self) -> impl Iterator<Item = &WrittenOption> {
        self.options.written.iter().filter(|option| runtime_duration(option).is_none())
    }

    /// The durations that only the call knows.
    pub(crate) fn runtime_durations(&self) -> impl Iterator<Item = (&'static str, &Expr)> {
        let options = self.options.written.iter();
        options.filter_map(|option| Some((option.name, runtime_duration(option)?)))
    }

    /// The names of the options that only the call knows.
    pub(crate) fn runtime_keys(&self) -> impl Iterator<Item = &'static str> {
        let is_runtime = |option: &&WrittenOption| {
            matches!(option.value, WrittenValue::Function(_)) || runtime_duration(option).is_some()
        };
        self.options.written.iter().filter(is_runtime).map(|option| option.name)
    }

    /// The function from the number of an attempt to the delay after it.
    pub(crate) fn backoff_function(&self) -> Option<&Expr> {
        self.options.written.iter().find_map(|option| match &option.value {
            WrittenValue::Function(function) => Some(function),
            _ => None,
        })
    }
}

/// The expression of a duration that only the call knows.
const fn runtime_duration(option: &WrittenOption) -> Option<&Expr> {
    match &option.value {
        WrittenValue::Duration(duration) if !duration.is_known() => Some(duration.written()),
        _ => None,
    }
}
