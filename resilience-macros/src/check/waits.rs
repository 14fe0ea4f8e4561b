//! Limits and waits that a timeout around them makes meaningless.
//!
//! What is known only at the call, or declared in a `static`, is taken for short enough.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::delays::Delays;
use crate::args::{Inline, Layer, LayerKind, Plan, Retry};
use crate::report::Report;

/// The shortest of the limits around that are known.
#[derive(Clone, Copy)]
struct Around(Option<Duration>);

impl Around {
    /// The limit, if something that takes `time` can't be over before it.
    fn ends(self, time: Duration) -> Option<Duration> {
        self.0.filter(|around| time >= *around)
    }

    fn within(self, limit: Duration) -> Self {
        Self(Some(self.0.map_or(limit, |around| around.min(limit))))
    }
}

pub(super) fn are_shorter_than_timeouts_around(layers: &[Layer], report: &mut Report) {
    const NOTHING: Around = Around(None);
    // All timeouts around, and those with no retry between.
    let (mut around, mut nearest) = (NOTHING, NOTHING);
    for layer in layers {
        match &layer.kind {
            LayerKind::Timeout(timeout) => {
                let Some(limit) = timeout.limit.known() else { continue };
                if let Some(around) = nearest.ends(limit) {
                    never_passes(report, "limit", &timeout.limit, limit, around);
                }
                if timeout.detached.is_some() {
                    // The work goes on when the limits around have passed.
                    (around, nearest) = (NOTHING, NOTHING);
                } else {
                    (around, nearest) = (around.within(limit), nearest.within(limit));
                }
            }
            LayerKind::Retry(retry) => {
                retries_can_happen(retry, layer, around, report);
                // Each attempt has its own.
                nearest = NOTHING;
            }
            LayerKind::Bulkhead(bulkhead) => {
                if let Some(written) = &bulkhead.max_wait
                    && let Some(wait) = written.known()
                    && let Some(around) = around.ends(wait)
                {
                    never_passes(report, "`max_wait`", written, wait, around);
                }
            }
            LayerKind::CircuitBreaker(_) | LayerKind::Fallback(_) => {}
        }
    }
}

fn never_passes(
    report: &mut Report,
    what: &str,
    written: &impl ToTokens,
    time: Duration,
    around: Duration,
) {
    report.push(syn::Error::new_spanned(
        written,
        format!(
            "this {what} ({time:?}) can never pass: the `#[timeout]` around it ends the call after {around:?}; make it shorter, or \
             remove it"
        ),
    ));
}

/// Each attempt that is asked for begins before the call is over.
fn retries_can_happen(retry: &Retry, layer: &Layer, around: Around, report: &mut Report) {
    let Plan::Inline(inline) = &retry.plan else { return };
    if let Some(written) = &inline.max_elapsed
        && let Some(limit) = written.known()
        && let Some(around) = around.ends(limit)
    {
        never_passes(report, "`max_elapsed`", written, limit, around);
        return;
    }
    let Some(delays) = Delays::of(inline) else { return };
    if let Some(written) = &inline.max_elapsed
        && let Some(limit) = written.known()
        && delays.after(1) > limit
    {
        report.push(syn::Error::new_spanned(
            written,
            format!(
                "nothing would ever be retried: the first delay ({:?}) is longer than `max_elapsed` ({limit:?}); write shorter delays, \
                 or a longer `max_elapsed`",
                delays.after(1)
            ),
        ));
        return;
    }
    let Some(around) = around.0 else { return };
    // One that is not known is taken for the least there can be.
    let attempts =
        inline.max_attempts.as_ref().map_or(3, |attempts| attempts.literal().unwrap_or(2));
    let Some((first, spent)) = delays.exceed(around, attempts) else { return };
    let spent = delays.tell(spent);
    let never = if first == 2 {
        format!("no attempt after the first can ever run: the delay before it is {spent}")
    } else if first == attempts {
        format!("attempt {first} can never run: the delays before it add up to {spent}")
    } else {
        format!(
            "attempts {first} to {attempts} can never run: the delays before attempt {first} add up to {spent}"
        )
    };
    let fewer =
        if first == 2 { String::new() } else { format!("`max_attempts = {}`, ", first - 1) };
    report.push(syn::Error::new_spanned(
        place(inline, layer),
        format!(
            "{never}, and the `#[timeout]` around ends the call after {around:?}; write {fewer}shorter delays, or a longer timeout (a \
             limit for each attempt stands below the `#[retry]`)"
        ),
    ));
}

/// What is too much: the attempts that were asked for, else the delay, else all of it.
fn place(inline: &Inline, layer: &Layer) -> TokenStream {
    match (&inline.max_attempts, &inline.base_delay) {
        (Some(attempts), _) => attempts.to_token_stream(),
        (None, Some(delay)) => delay.to_token_stream(),
        (None, None) => proc_macro2::Ident::new(layer.name(), layer.span).into_token_stream(),
    }
}
