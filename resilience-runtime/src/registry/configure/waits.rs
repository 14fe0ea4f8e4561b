//! Limits and waits that a timeout around them makes meaningless: the rule that the compiler checks for what stands in the attributes,
//! for what a file makes of it.

use std::collections::VecDeque;
use std::ops::Range;
use std::time::Duration;

use super::super::{Layer, Listed};
use crate::keys::{Mistakes, Written};

/// What can't be over before some time has passed, and where the file says so.
#[derive(Clone)]
pub(super) struct Wait {
    pub(super) time: Duration,
    pub(super) place: Option<Range<usize>>,
}

/// Those of one function's own layers, each kind from the outside in.
#[derive(Default)]
pub(super) struct Waits {
    pub(super) limits: VecDeque<Wait>,
    /// `max_elapsed`, where there is one.
    pub(super) retries: VecDeque<Option<Wait>>,
    /// `max_wait`
    pub(super) bulkheads: VecDeque<Wait>,
}

impl Wait {
    /// What this key of the table says.
    pub(super) fn of(time: Duration, table: Option<&Written<'_>>, key: &str) -> Self {
        let value = table.and_then(|table| table.get_ref().get(key));
        Self { time, place: value.map(toml::Spanned::span) }
    }

    /// The shorter one.
    fn or_within(self, other: Option<&Self>) -> Self {
        other.filter(|other| other.time <= self.time).cloned().unwrap_or(self)
    }
}

impl Waits {
    pub(super) fn are_shorter_than_timeouts_around(mut self, layers: &[Layer], mistakes: &mut Mistakes) {
        // The shortest of all timeouts around, and of those with no retry between.
        let (mut around, mut nearest): (Option<Wait>, Option<Wait>) = (None, None);
        for layer in layers {
            match layer.0 {
                Listed::Timeout(limit) => {
                    let Some(own) = self.limits.pop_front() else { continue };
                    never_passes("limit", &own, nearest.as_ref(), mistakes);
                    if limit().is_detached {
                        // The work goes on when the limits around have passed.
                        (around, nearest) = (None, None);
                    } else {
                        around = Some(own.clone().or_within(around.as_ref()));
                        nearest = Some(own.or_within(nearest.as_ref()));
                    }
                }
                Listed::OwnRetry(..) => {
                    if let Some(own) = self.retries.pop_front().flatten() {
                        never_passes("`max_elapsed`", &own, around.as_ref(), mistakes);
                    }
                    nearest = None;
                }
                Listed::OwnBulkhead(_) => {
                    if let Some(own) = self.bulkheads.pop_front() {
                        never_passes("`max_wait`", &own, around.as_ref(), mistakes);
                    }
                }
                Listed::Retry(_) | Listed::Resilient(_) => nearest = None,
                _ => {}
            }
        }
    }
}

/// Told where the file says the one or the other; what the code says by itself, the compiler has seen.
fn never_passes(what: &str, own: &Wait, around: Option<&Wait>, mistakes: &mut Mistakes) {
    let Some(around) = around.filter(|around| own.time >= around.time) else { return };
    if let Some(place) = own.place.as_ref().or(around.place.as_ref()) {
        let (own, around) = (own.time, around.time);
        mistakes.at(
            place.clone(),
            format!(
                "this {what} ({own:?}) can never pass: the `#[timeout]` around it ends the call after {around:?}; make it shorter"
            ),
        );
    }
}
