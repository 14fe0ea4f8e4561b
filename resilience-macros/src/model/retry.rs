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
    /// The value of this expression: a `static RetryPolicy`, or one that only the call knows.
    Shared(Expr),
    /// The stack's policy.
    OfPolicy,
    /// The attribute itself.
    Inline(Box<InlineRetry>),
}

/// The options in the attribute.
pub(crate) struct InlineRetry {
    pub(crate) options: WrittenOptions<RetryOptions>,
    /// The names of the numbers whose expressions use the parameters.
    pub(crate) computed: Vec<&'static str>,
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
        self.options.written.iter().filter(|option| self.expression_of_call(option).is_none())
    }

    /// The durations and numbers that only the call knows.
    pub(crate) fn of_call(&self) -> impl Iterator<Item = (&'static str, &Expr)> {
        let options = self.options.written.iter();
        options.filter_map(|option| Some((option.name, self.expression_of_call(option)?)))
    }

    /// The names of the options that only the call knows.
    pub(crate) fn runtime_keys(&self) -> impl Iterator<Item = &'static str> {
        let is_runtime = |option: &&WrittenOption| {
            matches!(option.value, WrittenValue::Function(_))
                || self.expression_of_call(option).is_some()
        };
        self.options.written.iter().filter(is_runtime).map(|option| option.name)
    }

    /// Marks the numbers whose expressions only the call can evaluate.
    pub(crate) fn mark_computed(&mut self, uses_parameters: impl Fn(&Expr) -> bool) {
        let is_computed = |option: &&WrittenOption| match &option.value {
            WrittenValue::Number(written) => uses_parameters(written),
            _ => false,
        };
        let computed = self.options.written.iter().filter(is_computed);
        self.computed = computed.map(|option| option.name).collect();
    }

    /// The expression of a duration or number that only the call knows.
    fn expression_of_call<'o>(&self, option: &'o WrittenOption) -> Option<&'o Expr> {
        match &option.value {
            WrittenValue::Duration(duration) if !duration.is_known() => Some(duration.written()),
            WrittenValue::Number(written) if self.computed.contains(&option.name) => Some(written),
            _ => None,
        }
    }

    /// The function from the number of an attempt to the delay after it.
    pub(crate) fn backoff_function(&self) -> Option<&Expr> {
        self.options.written.iter().find_map(|option| match &option.value {
            WrittenValue::Function(function) => Some(function),
            _ => None,
        })
    }
}
