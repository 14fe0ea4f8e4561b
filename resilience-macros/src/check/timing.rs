//! Limits and waits that a timeout around them makes meaningless.
//!
//! A time that only the call knows, or that a `static` declares, is assumed to be short enough.

use std::time::Duration;

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::Error;

use super::delays::Delays;
use crate::diagnostics::Diagnostics;
use crate::model::{Bulkhead, InlineRetry, Layer, LayerKind, Retry, RetryPlan, WrittenDuration};

/// The shortest known limit of the timeouts around a layer.
#[derive(Clone, Copy)]
struct OuterLimit(Option<Duration>);

impl OuterLimit {
    const NONE: Self = Self(None);

    /// The limit, if something that takes `time` can't end before it.
    fn reached_by(self, time: Duration) -> Option<Duration> {
        self.0.filter(|limit| time >= *limit)
    }

    fn within(self, inner: Duration) -> Self {
        Self(Some(self.0.map_or(inner, |limit| limit.min(inner))))
    }
}

pub(super) fn waits_end_before_outer_timeouts(layers: &[Layer], diagnostics: &mut Diagnostics) {
    // Of the whole call, and of one attempt.
    let (mut of_call, mut of_attempt) = (OuterLimit::NONE, OuterLimit::NONE);
    for layer in layers {
        match &layer.kind {
            LayerKind::Timeout(timeout) => {
                let Some((written, limit)) = timeout.known_limit() else { continue };
                if let Some(outer) = of_attempt.reached_by(limit) {
                    diagnostics.push(never_passes("limit", written, limit, outer));
                }
                if timeout.detached.is_some() {
                    // Detached work runs on after the outer limits.
                    (of_call, of_attempt) = (OuterLimit::NONE, OuterLimit::NONE);
                } else {
                    (of_call, of_attempt) = (of_call.within(limit), of_attempt.within(limit));
                }
            }
            LayerKind::Retry(retry) => {
                retries_can_happen(retry, layer, of_call, diagnostics);
                of_attempt = OuterLimit::NONE;
            }
            LayerKind::Bulkhead(bulkhead) => max_wait_can_pass(bulkhead, of_call, diagnostics),
            LayerKind::CircuitBreaker(_) | LayerKind::Fallback(_) => {}
        }
    }
}

fn max_wait_can_pass(bulkhead: &Bulkhead, outer: OuterLimit, diagnostics: &mut Diagnostics) {
    if let Some((written, wait)) = known(bulkhead.max_wait.as_ref())
        && let Some(outer) = outer.reached_by(wait)
    {
        diagnostics.push(never_passes("`max_wait`", written, wait, outer));
    }
}

/// The duration as written and its value, if the macro knows it.
fn known(written: Option<&WrittenDuration>) -> Option<(&WrittenDuration, Duration)> {
    written.and_then(|written| written.known().map(|known| (written, known)))
}

fn never_passes(what: &str, written: &WrittenDuration, time: Duration, outer: Duration) -> Error {
    Error::new_spanned(
        written,
        format!(
            "this {what} ({time:?}) can never pass: the `#[timeout]` around it ends the call after \
             {outer:?}; make it shorter, or remove it"
        ),
    )
}

/// Every attempt must be able to begin before the call ends.
fn retries_can_happen(
    retry: &Retry,
    layer: &Layer,
    outer: OuterLimit,
    diagnostics: &mut Diagnostics,
) {
    let RetryPlan::Inline(inline) = &retry.plan else { return };
    if let Err(error) = max_elapsed_can_pass(inline, outer)
        .and_then(|()| first_delay_fits_max_elapsed(inline))
        .and_then(|()| attempts_begin_before_timeout(inline, layer, outer))
    {
        diagnostics.push(error);
    }
}

fn max_elapsed_can_pass(inline: &InlineRetry, outer: OuterLimit) -> Result<(), Error> {
    if let Some((written, limit)) = known(inline.max_elapsed.as_ref())
        && let Some(outer) = outer.reached_by(limit)
    {
        return Err(never_passes("`max_elapsed`", written, limit, outer));
    }
    Ok(())
}

fn first_delay_fits_max_elapsed(inline: &InlineRetry) -> Result<(), Error> {
    let Some(first) = Delays::of(inline).map(|delays| delays.after(1)) else { return Ok(()) };
    if let Some((written, limit)) = known(inline.max_elapsed.as_ref())
        && first > limit
    {
        return Err(Error::new_spanned(
            written,
            format!(
                "nothing would ever be retried: the first delay ({first:?}) is longer than \
                 `max_elapsed` ({limit:?}); write shorter delays, or a longer `max_elapsed`"
            ),
        ));
    }
    Ok(())
}

fn attempts_begin_before_timeout(
    inline: &InlineRetry,
    layer: &Layer,
    outer: OuterLimit,
) -> Result<(), Error> {
    let (Some(delays), Some(outer)) = (Delays::of(inline), outer.0) else { return Ok(()) };
    // An unknown number is at least 2.
    let max_attempts = inline.max_attempts.as_ref();
    let attempts = max_attempts.map_or(3, |attempts| attempts.literal().unwrap_or(2));
    let Some((first, spent)) = delays.exceed(outer, attempts) else { return Ok(()) };
    let spent = delays.describe(spent);
    let never = if first == 2 {
        format!("no attempt after the first can ever run: the delay before it is {spent}")
    } else if first == attempts {
        format!("attempt {first} can never run: the delays before it add up to {spent}")
    } else {
        format!(
            "attempts {first} to {attempts} can never run: the delays before attempt {first} add \
             up to {spent}"
        )
    };
    let fewer =
        if first == 2 { String::new() } else { format!("`max_attempts = {}`, ", first - 1) };
    Err(Error::new_spanned(
        too_much(inline, layer),
        format!(
            "{never}, and the `#[timeout]` around ends the call after {outer:?}; write \
             {fewer}shorter delays, or a longer timeout (a limit for each attempt stands below the \
             `#[retry]`)"
        ),
    ))
}

/// The tokens to blame: the number of attempts, else the delay, else the attribute's name.
fn too_much(inline: &InlineRetry, layer: &Layer) -> TokenStream {
    match (&inline.max_attempts, &inline.base_delay) {
        (Some(attempts), _) => attempts.to_token_stream(),
        (None, Some(delay)) => delay.to_token_stream(),
        (None, None) => Ident::new(layer.name(), layer.span).into_token_stream(),
    }
}
