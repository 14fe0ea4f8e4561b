//! `#[circuit_breaker(failure_rate = 0.5, window_calls = 100)]`: the options of a breaker of the function's own.

use proc_macro2::{Ident, Span};
use quote::{ToTokens, quote};

use super::policy::Builder;
use super::reader::Reader;
use super::value::{Duration, Number};

/// What contradicts what is found here, as everything is in sight; what a single value can't be, where it is read.
struct Options {
    failure_threshold: Option<Number>,
    failure_rate: Option<syn::Expr>,
    minimum_calls: Option<Number>,
    window: Option<Duration>,
    window_calls: Option<Number>,
    slow_call: Option<Duration>,
    slow_call_rate: Option<syn::Expr>,
    open_for: Option<Duration>,
    open_backoff: Option<(syn::Expr, Duration)>,
}

pub(super) fn own(reader: &mut Reader<'_>) -> Builder {
    let options = Options {
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
    let mut own = Builder::default();
    own.call("failure_threshold", options.failure_threshold);
    own.call("failure_rate", options.failure_rate);
    own.call("minimum_calls", options.minimum_calls);
    own.call("window", options.window.map(|window| window.expression()));
    own.call("window_calls", options.window_calls);
    own.call("slow_call", options.slow_call.map(|limit| limit.expression()));
    own.call("slow_call_rate", options.slow_call_rate);
    own.call("open_for", options.open_for.map(|spell| spell.expression()));
    own.call(
        "open_backoff",
        options.open_backoff.map(|(factor, max)| {
            let max = max.expression();
            quote!(#factor, #max)
        }),
    );
    for (key, why) in [
        ("half_open_probes", "with 0 the breaker could never close again"),
        ("success_threshold", "with 0 no probe would be needed to close"),
    ] {
        own.call(key, reader.count(key, why));
    }
    let probe_timeout = reader.duration("probe_timeout", "no probe could ever count");
    own.call("probe_timeout", probe_timeout.map(|limit| limit.expression()));
    let abandon = reader.word("on_abandon", &[("ignore", "Ignore"), ("failure", "Failure")]);
    own.call(
        "on_abandon",
        abandon.map(|variant| {
            let variant = Ident::new(variant, Span::call_site());
            quote!(__Abandon::#variant)
        }),
    );
    own
}

impl Options {
    fn check(&self, reader: &mut Reader<'_>) {
        if let (Some(_), Some(rate)) = (&self.failure_threshold, &self.failure_rate) {
            reader.error(rate, "`failure_threshold` and `failure_rate` exclude each other: the breaker opens at a number of failures, or at their share; keep one");
        }
        if let (Some(_), Some(calls)) = (&self.window, &self.window_calls) {
            reader.error(calls, "`window` and `window_calls` exclude each other: the breaker looks at the calls of some time, or at the last so many; keep one");
        }
        if let Some(minimum) = &self.minimum_calls
            && !reader.may_have("failure_rate")
            && !reader.may_have("slow_call")
        {
            reader.error(
                minimum,
                "`minimum_calls` is about a rate: it needs a `failure_rate`, or a `slow_call`, beside it",
            );
        }
        if let Some(rate) = &self.slow_call_rate
            && !reader.may_have("slow_call")
        {
            reader.error(
                rate,
                "which calls are slow? `slow_call_rate` needs `slow_call` beside it, as in `slow_call = 2s`",
            );
        }
        exceeds(reader, "minimum_calls", self.minimum_calls.as_ref(), self.window_calls.as_ref());
        exceeds(
            reader,
            "failure_threshold",
            self.failure_threshold.as_ref(),
            self.window_calls.as_ref(),
        );
        if let (Some((_, max)), Some(open_for)) = (&self.open_backoff, &self.open_for)
            && let (Some(longest), Some(first)) = (max.known(), open_for.known())
            && longest < first
        {
            reader.error(
                max,
                format!(
                    "the longest open spell ({longest:?}) is shorter than the first, `open_for` ({first:?})"
                ),
            );
        }
    }
}

/// More than the window ever holds.
fn exceeds(reader: &mut Reader<'_>, key: &str, number: Option<&Number>, window: Option<&Number>) {
    if let (Some(number), Some(window)) = (number, window)
        && let (Some(wanted), Some(held)) = (number.literal(), window.literal())
        && wanted > held
    {
        reader.error(
            number.to_token_stream(),
            format!("`{key}` ({wanted}) is more than `window_calls` ({held}): the window never holds that many, and the breaker could never open"),
        );
    }
}
