//! Limits, waits and attempts that a timeout around them makes meaningless: the rules by which the
//! compiler checks what stands in the attributes, for what a file makes of it.
//!
//! What the code says by itself the compiler has seen, or could not see and takes for right; so it
//! is here.

use std::collections::VecDeque;
use std::ops::Range;
use std::time::Duration;

use super::diagnostics::Diagnostics;
use super::keys::Written;
use crate::policy::retry::RetryOptions;
use crate::registry::declared::{Layer, Listed};

/// What can't be over before some time has passed.
#[derive(Clone)]
pub(super) struct Wait {
    pub(super) time: Duration,
    /// What the code says, if anything.
    pub(super) in_code: Option<Duration>,
    /// Where the file says something else.
    pub(super) place: Option<Range<usize>>,
}

/// The limits of a retry, and where the file says so.
pub(super) struct Attempts<'t> {
    pub(super) options: RetryOptions,
    pub(super) in_code: RetryOptions,
    /// What the code gives anew for each call.
    pub(super) runtime_keys: &'static [&'static str],
    pub(super) table: Option<&'t Written<'t>>,
}

/// Those of one function's own layers, each kind from the outside in; `None` for what is not known,
/// or does not wait.
#[derive(Default)]
pub(super) struct Waits<'t> {
    pub(super) limits: VecDeque<Option<Wait>>,
    pub(super) retries: VecDeque<Option<Attempts<'t>>>,
    /// `max_wait`
    pub(super) bulkheads: VecDeque<Option<Wait>>,
}

impl Wait {
    /// What this key of the table says, or the code.
    pub(super) fn of(
        time: Duration,
        in_code: Option<Duration>,
        table: Option<&Written<'_>>,
        key: &str,
    ) -> Self {
        Self { time, in_code, place: place(table, key) }
    }

    /// The shorter one.
    fn or_within(self, other: Option<&Self>) -> Self {
        let Some(other) = other else { return self };
        let in_code = self.in_code.into_iter().chain(other.in_code).min();
        Self { in_code, ..if other.time <= self.time { other.clone() } else { self } }
    }
}

impl Waits<'_> {
    pub(super) fn are_shorter_than_timeouts_around(
        mut self,
        layers: &[Layer],
        diagnostics: &mut Diagnostics,
    ) {
        // The shortest of all timeouts around, and of those with no retry between.
        let (mut around, mut nearest): (Option<Wait>, Option<Wait>) = (None, None);
        for layer in layers {
            match layer.0 {
                Listed::Timeout(limit) => {
                    let own = self.limits.pop_front().flatten();
                    if let Some(own) = &own {
                        never_passes("limit", own, nearest.as_ref(), diagnostics);
                    }
                    if limit().is_detached {
                        // The work goes on when the limits around have passed.
                        (around, nearest) = (None, None);
                    } else if let Some(own) = own {
                        around = Some(own.clone().or_within(around.as_ref()));
                        nearest = Some(own.or_within(nearest.as_ref()));
                    }
                }
                Listed::OwnRetry(..) => {
                    if let Some(attempts) = self.retries.pop_front().flatten() {
                        attempts.can_happen(around.as_ref(), diagnostics);
                    }
                    nearest = None;
                }
                Listed::OwnBulkhead(_) => {
                    if let Some(own) = self.bulkheads.pop_front().flatten() {
                        never_passes("`max_wait`", &own, around.as_ref(), diagnostics);
                    }
                }
                Listed::Retry(_) | Listed::Resilient(_) => nearest = None,
                _ => {}
            }
        }
    }
}

/// Whether that was found, and reported.
fn never_passes(
    what: &str,
    own: &Wait,
    around: Option<&Wait>,
    diagnostics: &mut Diagnostics,
) -> bool {
    let Some(around) = around.filter(|around| own.time >= around.time) else { return false };
    let is_as_in_code =
        own.in_code == Some(own.time) && around.in_code.is_some_and(|around| own.time >= around);
    let Some(place) = own.place.as_ref().or(around.place.as_ref()).filter(|_| !is_as_in_code)
    else {
        return false;
    };
    let (own, around) = (own.time, around.time);
    diagnostics.at(
        place.clone(),
        format!(
            "this {what} ({own:?}) can never pass: the `#[timeout]` around it ends the call after {around:?}; make it shorter"
        ),
    );
    true
}

impl Attempts<'_> {
    /// Each attempt that is asked for begins before the call is over.
    fn can_happen(&self, around: Option<&Wait>, diagnostics: &mut Diagnostics) {
        if let Some(time) = self.options.max_elapsed {
            let own = Wait::of(time, self.in_code.max_elapsed, self.table, "max_elapsed");
            if never_passes("`max_elapsed`", &own, around, diagnostics) {
                return;
            }
        }
        // Of delays that only the call knows nothing can be said.
        if ["base_delay", "max_delay"].iter().any(|delay| self.runtime_keys.contains(delay)) {
            return;
        }
        if let (Some(message), None) = (never_retries(&self.options), never_retries(&self.in_code))
        {
            self.report(message, &["max_elapsed"], None, diagnostics);
        } else if let Some(around) = around
            && let Some(message) = never_run(&self.options, around.time)
            && around.in_code.is_none_or(|around| never_run(&self.in_code, around).is_none())
        {
            self.report(message, &["max_attempts"], around.place.as_ref(), diagnostics);
        }
    }

    /// Where the file says what is too much, or what the delays are.
    fn report(
        &self,
        message: String,
        keys: &[&str],
        else_at: Option<&Range<usize>>,
        diagnostics: &mut Diagnostics,
    ) {
        const DELAYS: [&str; 5] = ["base_delay", "max_delay", "factor", "backoff", "jitter"];
        let mut places = keys.iter().chain(&DELAYS).filter_map(|key| place(self.table, key));
        if let Some(place) = places.next().or_else(|| else_at.cloned()) {
            diagnostics.at(place, message);
        }
    }
}

fn place(table: Option<&Written<'_>>, key: &str) -> Option<Range<usize>> {
    table?.get_ref().get(key).map(toml::Spanned::span)
}

fn never_retries(options: &RetryOptions) -> Option<String> {
    let (first, elapsed) = (options.least_delay(1), options.max_elapsed?);
    (first > elapsed).then(|| {
        format!(
            "nothing would ever be retried: the first delay ({first:?}) is longer than `max_elapsed` ({elapsed:?}); write shorter \
             delays, or a longer `max_elapsed`"
        )
    })
}

fn never_run(options: &RetryOptions, around: Duration) -> Option<String> {
    // Beyond this many the answer is not worth the time it takes to find it.
    const MOST: u32 = 10_000;
    let mut spent = Duration::ZERO;
    let first = (2..=options.max_attempts.min(MOST)).find(|attempt| {
        spent = spent.saturating_add(options.least_delay(attempt - 1));
        spent >= around
    })?;
    let (never, fewer) = if first == 2 {
        (
            format!(
                "no attempt after the first can ever run: the delay before it is at least {spent:?}"
            ),
            String::new(),
        )
    } else {
        (
            format!(
                "attempt {first} can never run: the delays before it add up to at least {spent:?}"
            ),
            format!("`max_attempts = {}`, ", first - 1),
        )
    };
    Some(format!(
        "{never}, and the `#[timeout]` around ends the call after {around:?}; write {fewer}shorter delays, or a longer timeout"
    ))
}
