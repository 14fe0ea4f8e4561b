//! `#[circuit_breaker(PAYMENT)]`, `#[circuit_breaker(failure_rate = 0.5, window_calls = 100)]`

use quote::{ToTokens, quote};
use syn::Expr;

use super::reader::Reader;
use super::subject;
use crate::diagnostics::Reported;
use crate::model::{
    BuilderCalls, CircuitBreaker, OnAbandon, RuntimeType, WrittenDuration, WrittenNumber,
};

const TYPE: RuntimeType = RuntimeType::CircuitBreaker;

pub(super) fn read(reader: &mut Reader<'_>) -> Result<CircuitBreaker, Reported> {
    let when = reader.predicate("when");
    let when_ok = reader.predicate("when_ok");
    let expression = subject::positional(reader, TYPE, "PAYMENT");
    let own = own(reader);
    let subject = subject::subject(reader, TYPE, expression?, own)?;
    Ok(CircuitBreaker { subject, when, when_ok })
}

/// The options that can contradict each other.
struct CircuitBreakerOptions {
    failure_threshold: Option<WrittenNumber>,
    failure_rate: Option<Expr>,
    minimum_calls: Option<WrittenNumber>,
    window: Option<WrittenDuration>,
    window_calls: Option<WrittenNumber>,
    slow_call: Option<WrittenDuration>,
    slow_call_rate: Option<Expr>,
    open_for: Option<WrittenDuration>,
    open_backoff: Option<(Expr, WrittenDuration)>,
}

/// The function's own circuit breaker.
fn own(reader: &mut Reader<'_>) -> BuilderCalls {
    let options = CircuitBreakerOptions {
        failure_threshold: reader
            .count("failure_threshold", "with 0 the breaker would open before any failure"),
        failure_rate: reader.share("failure_rate"),
        minimum_calls: reader.count("minimum_calls", "there is no rate of no calls"),
        window: reader.duration("window", "within no time no failure could count"),
        window_calls: reader.count("window_calls", "of the last 0 calls none could fail"),
        slow_call: reader.duration("slow_call", "else every call would be slow"),
        slow_call_rate: reader.share("slow_call_rate"),
        open_for: reader.duration("open_for", "else the breaker would never turn a call away"),
        open_backoff: reader.factor_and_max("open_backoff"),
    };
    options.check(reader);
    let mut own = options.into_calls();
    for (key, why) in [
        ("half_open_probes", "with 0 the breaker could never close again"),
        ("success_threshold", "with 0 no probe would be needed to close"),
    ] {
        own.push(key, reader.count(key, why));
    }
    let probe_timeout = reader.duration("probe_timeout", "no probe could ever count");
    own.push("probe_timeout", probe_timeout.map(|limit| limit.expression()));
    let on_abandon = reader.keyword::<OnAbandon>("on_abandon");
    own.push("on_abandon", on_abandon.map(|variant| quote!(__OnAbandon::#variant)));
    own
}

impl CircuitBreakerOptions {
    fn check(&self, reader: &mut Reader<'_>) {
        if let (Some(_), Some(rate)) = (&self.failure_threshold, &self.failure_rate) {
            reader.error(
                rate,
                "`failure_threshold` and `failure_rate` exclude each other: the breaker opens at a \
                 number of failures, or at their share; keep one",
            );
        }
        if let (Some(_), Some(calls)) = (&self.window, &self.window_calls) {
            reader.error(
                calls,
                "`window` and `window_calls` exclude each other: the breaker looks at the calls of \
                 some time, or at the last so many; keep one",
            );
        }
        if let Some(minimum) = &self.minimum_calls
            && !reader.may_have("failure_rate")
            && !reader.may_have("slow_call")
        {
            reader.error(
                minimum,
                "`minimum_calls` is about a rate: it needs a `failure_rate`, or a `slow_call`, \
                 beside it",
            );
        }
        if let Some(rate) = &self.slow_call_rate
            && !reader.may_have("slow_call")
        {
            reader.error(
                rate,
                "which calls are slow? `slow_call_rate` needs `slow_call` beside it, as in \
                 `slow_call = 2s`",
            );
        }
        let window_calls = self.window_calls.as_ref();
        exceeds(reader, "minimum_calls", self.minimum_calls.as_ref(), window_calls);
        exceeds(reader, "failure_threshold", self.failure_threshold.as_ref(), window_calls);
        if let (Some((_, max)), Some(open_for)) = (&self.open_backoff, &self.open_for)
            && let (Some(longest), Some(first)) = (max.known(), open_for.known())
            && longest < first
        {
            reader.error(
                max,
                format!(
                    "the longest open spell ({longest:?}) is shorter than the first, `open_for` \
                     ({first:?})"
                ),
            );
        }
    }

    fn into_calls(self) -> BuilderCalls {
        let expression = |duration: WrittenDuration| duration.expression();
        let mut calls = BuilderCalls::default();
        calls.push("failure_threshold", self.failure_threshold);
        calls.push("failure_rate", self.failure_rate);
        calls.push("minimum_calls", self.minimum_calls);
        calls.push("window", self.window.map(expression));
        calls.push("window_calls", self.window_calls);
        calls.push("slow_call", self.slow_call.map(expression));
        calls.push("slow_call_rate", self.slow_call_rate);
        calls.push("open_for", self.open_for.map(expression));
        let open_backoff = self.open_backoff.map(|(factor, max)| {
            let max = max.expression();
            quote!(#factor, #max)
        });
        calls.push("open_backoff", open_backoff);
        calls
    }
}

/// Reports a number of calls that the window never holds.
fn exceeds(
    reader: &mut Reader<'_>,
    key: &str,
    number: Option<&WrittenNumber>,
    window: Option<&WrittenNumber>,
) {
    if let (Some(number), Some(window)) = (number, window)
        && let (Some(wanted), Some(held)) = (number.literal(), window.literal())
        && wanted > held
    {
        reader.error(
            number.to_token_stream(),
            format!(
                "`{key}` ({wanted}) is more than `window_calls` ({held}): the window never holds \
                 that many, and the breaker could never open"
            ),
        );
    }
}
