//! `#[retry]`

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Expr, Path};

use super::keyword::{BackoffKind, Jitter, NestedRetry};
use super::subject::BuilderCalls;
use super::value::{WrittenDuration, WrittenNumber};

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
#[derive(Default)]
pub(crate) struct InlineRetry {
    pub(crate) max_attempts: Option<WrittenNumber>,
    pub(crate) backoff: Option<Backoff>,
    pub(crate) base_delay: Option<WrittenDuration>,
    pub(crate) max_delay: Option<WrittenDuration>,
    pub(crate) factor: Option<Expr>,
    pub(crate) jitter: Option<Jitter>,
    pub(crate) max_elapsed: Option<WrittenDuration>,
    /// A `static RetryBudget`.
    pub(crate) budget: Option<Path>,
    pub(crate) nested: Option<NestedRetry>,
}

pub(crate) enum Backoff {
    /// A keyword, and its span.
    Kind(BackoffKind, Span),
    /// A function or closure from the number of an attempt to the delay after it.
    Own(Expr),
}

/// The durations of a call that only the call knows.
pub(crate) struct RuntimeDurations {
    pub(crate) base_delay: Option<TokenStream>,
    pub(crate) max_delay: Option<TokenStream>,
    pub(crate) max_elapsed: Option<TokenStream>,
}

impl InlineRetry {
    /// The options that are constants.
    pub(crate) fn constants(&self) -> BuilderCalls {
        let mut calls = BuilderCalls::default();
        calls.push("max_attempts", self.max_attempts.as_ref());
        calls.push("factor", self.factor.as_ref());
        for (method, duration) in [
            ("base_delay", &self.base_delay),
            ("max_delay", &self.max_delay),
            ("max_elapsed", &self.max_elapsed),
        ] {
            let constant = duration.as_ref().filter(|duration| duration.is_known());
            calls.push(method, constant.map(WrittenDuration::expression));
        }
        calls
    }

    /// The durations that only the call knows; `None` if there are none.
    pub(crate) fn runtime_durations(&self) -> Option<RuntimeDurations> {
        let computed = |duration: &Option<WrittenDuration>| {
            let duration = duration.as_ref().filter(|duration| !duration.is_known());
            duration.map(WrittenDuration::expression)
        };
        let base_delay = computed(&self.base_delay);
        let max_delay = computed(&self.max_delay);
        let max_elapsed = computed(&self.max_elapsed);
        if base_delay.is_none() && max_delay.is_none() && max_elapsed.is_none() {
            return None;
        }
        Some(RuntimeDurations { base_delay, max_delay, max_elapsed })
    }

    /// The keys of the options that only the call knows.
    pub(crate) fn runtime_keys(&self) -> Vec<&'static str> {
        let is_computed = |duration: &Option<WrittenDuration>| {
            duration.as_ref().is_some_and(|duration| !duration.is_known())
        };
        let keys = [
            ("backoff", matches!(self.backoff, Some(Backoff::Own(_)))),
            ("base_delay", is_computed(&self.base_delay)),
            ("max_delay", is_computed(&self.max_delay)),
            ("max_elapsed", is_computed(&self.max_elapsed)),
        ];
        keys.into_iter().filter(|(_, is_computed)| *is_computed).map(|(key, _)| key).collect()
    }
}
