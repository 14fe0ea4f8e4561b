//! Limits, waits and attempts that an outer timeout keeps from ever acting.
//!
//! The attributes apply these rules to their arguments. The configuration applies them to the
//! options that a file changes. An unknown time counts as short enough.

use std::time::Duration;

use crate::retry::RetryOptions;

/// A layer of a stack, as far as its timing is known.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "both readers must know every layer")]
pub enum TimedLayer<'a> {
    /// Timeout.
    Timeout {
        /// Limit, if it is known.
        limit: Option<Duration>,
        /// Set if the work continues after the limit has passed.
        detached: bool,
    },
    /// Retry whose options are known.
    Retry {
        /// Options. An unknown option holds the value that gives the shortest delay.
        options: &'a RetryOptions,
        /// Names of the options whose values are unknown.
        unknown: &'a [&'a str],
    },
    /// Retry whose options are declared elsewhere.
    SharedRetry,
    /// Bulkhead.
    Bulkhead {
        /// Longest wait for a slot, if it is known.
        max_wait: Option<Duration>,
    },
    /// Layer that takes no time of its own.
    Untimed,
}

/// A layer, or a part of it, that can never act.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NeverActs {
    /// Index of the layer.
    pub layer: usize,
    /// Names of the options to blame, the best first. Empty for the limit of a timeout, which has
    /// no name.
    pub keys: &'static [&'static str],
    /// Index of the outer timeout, if one is to blame too.
    pub around: Option<usize>,
    /// Sentence with the mistake, the reason, and the fix.
    pub message: String,
}

/// Options to blame for attempts that can never run, the best first.
const ATTEMPTS: &[&str] =
    &["max_attempts", "base_delay", "max_delay", "factor", "backoff", "jitter"];
/// Options to blame for a `max_elapsed` that can never act, the best first.
const ELAPSED: &[&str] = &["max_elapsed", "base_delay", "max_delay", "factor", "backoff", "jitter"];

/// Number of attempts that are checked. A check of all would take too long for a large number.
const MAX_CHECKED_ATTEMPTS: u32 = 10_000;

/// Shortest of some outer timeouts of a layer.
#[derive(Clone, Copy)]
struct Shortest {
    limit: Duration,
    layer: usize,
}

impl Shortest {
    fn or_shorter(self, other: Option<Self>) -> Self {
        other.filter(|other| other.limit <= self.limit).unwrap_or(self)
    }
}

/// Finds all layers that can never act. `layers` are in written order: from the outside in.
#[must_use]
pub fn never_act(layers: &[TimedLayer<'_>]) -> Vec<NeverActs> {
    let mut found = Vec::new();
    // The shortest outer timeout, and the shortest outer timeout without a retry in between.
    let (mut around, mut nearest): (Option<Shortest>, Option<Shortest>) = (None, None);
    for (index, layer) in layers.iter().enumerate() {
        match *layer {
            TimedLayer::Timeout { limit: None, .. } | TimedLayer::Untimed => {}
            TimedLayer::Timeout { limit: Some(limit), detached } => {
                found.extend(never_passes(index, "limit", &[], limit, nearest));
                let own = Shortest { limit, layer: index };
                // Detached work continues after the outer limits have passed.
                (around, nearest) = if detached {
                    (None, None)
                } else {
                    (Some(own.or_shorter(around)), Some(own.or_shorter(nearest)))
                };
            }
            TimedLayer::Retry { options, unknown } => {
                found.extend(never_retries(index, options, unknown, around));
                nearest = None;
            }
            TimedLayer::SharedRetry => nearest = None,
            TimedLayer::Bulkhead { max_wait } => {
                found.extend(max_wait.and_then(|wait| {
                    never_passes(index, "`max_wait`", &["max_wait"], wait, around)
                }));
            }
        }
    }
    found
}

/// Finds a time that cannot pass before an outer timeout ends the call.
fn never_passes(
    layer: usize,
    name: &str,
    keys: &'static [&'static str],
    time: Duration,
    around: Option<Shortest>,
) -> Option<NeverActs> {
    let around = around.filter(|around| time >= around.limit)?;
    let message = format!(
        "this {name} ({time:?}) can never pass: the outer `#[timeout]` ends the call after {:?}; \
         write a shorter time, or remove it",
        around.limit
    );
    Some(NeverActs { layer, keys, around: Some(around.layer), message })
}

/// Finds attempts that cannot begin before the call is over.
fn never_retries(
    layer: usize,
    options: &RetryOptions,
    unknown: &[&str],
    around: Option<Shortest>,
) -> Option<NeverActs> {
    let max_elapsed = options.max_elapsed.filter(|_| !unknown.contains(&"max_elapsed"));
    let elapsed =
        max_elapsed.and_then(|limit| never_passes(layer, "`max_elapsed`", ELAPSED, limit, around));
    if elapsed.is_some() || ["base_delay", "max_delay"].iter().any(|key| unknown.contains(key)) {
        return elapsed;
    }
    let first_delay = options.least_delay(1);
    if let Some(limit) = max_elapsed.filter(|limit| first_delay > *limit) {
        let message = format!(
            "nothing would ever be retried: the first delay ({first_delay:?}) is longer than \
             `max_elapsed` ({limit:?}); write shorter delays, or a longer `max_elapsed`"
        );
        return Some(NeverActs { layer, keys: ELAPSED, around: None, message });
    }
    let around = around?;
    let (first, spent) = first_that_never_runs(options, around.limit)?;
    let attempts = options.max_attempts();
    let never = if first == 2 {
        format!(
            "no attempt after the first can ever run: the delay before it is at least {spent:?}"
        )
    } else if first == attempts {
        format!("attempt {first} can never run: the delays before it add up to at least {spent:?}")
    } else {
        format!(
            "attempts {first} to {attempts} can never run: the delays before attempt {first} add \
             up to at least {spent:?}"
        )
    };
    let fewer =
        if first == 2 { String::new() } else { format!("`max_attempts = {}`, ", first - 1) };
    let message = format!(
        "{never}, and the outer `#[timeout]` ends the call after {:?}; write {fewer}shorter \
         delays, or a longer timeout (write a limit for each attempt below the `#[retry]`)",
        around.limit
    );
    Some(NeverActs { layer, keys: ATTEMPTS, around: Some(around.layer), message })
}

/// Returns the first attempt that cannot begin within `limit`, and the sum of the delays before it.
fn first_that_never_runs(options: &RetryOptions, limit: Duration) -> Option<(u32, Duration)> {
    let mut spent = Duration::ZERO;
    (2..=options.max_attempts().min(MAX_CHECKED_ATTEMPTS)).find_map(|attempt| {
        spent = spent.saturating_add(options.least_delay(attempt - 1));
        (spent >= limit).then_some((attempt, spent))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BackoffKind, Jitter};

    const SECOND: Duration = Duration::from_secs(1);

    fn options(backoff: BackoffKind, jitter: Jitter, attempts: u32) -> RetryOptions {
        RetryOptions {
            max_attempts: Some(attempts),
            backoff: Some(backoff),
            base_delay: Some(SECOND),
            max_delay: Some(4 * SECOND),
            jitter: Some(jitter),
            ..RetryOptions::NONE
        }
    }

    fn timeout(limit: Duration) -> TimedLayer<'static> {
        TimedLayer::Timeout { limit: Some(limit), detached: false }
    }

    fn messages(layers: &[TimedLayer<'_>]) -> Vec<String> {
        never_act(layers).into_iter().map(|found| found.message).collect()
    }

    #[test]
    fn an_attempt_that_would_begin_after_the_limit_never_runs() {
        let exponential = |attempts| options(BackoffKind::Exponential, Jitter::None, attempts);
        assert_eq!(first_that_never_runs(&exponential(9), 3 * SECOND), Some((3, 3 * SECOND)));
        assert_eq!(first_that_never_runs(&exponential(2), 3 * SECOND), None);
        assert_eq!(
            first_that_never_runs(&exponential(u32::MAX), 8 * SECOND),
            Some((5, 11 * SECOND))
        );
    }

    #[test]
    fn a_huge_number_of_attempts_is_checked_quickly() {
        let zero = RetryOptions {
            base_delay: Some(Duration::ZERO),
            ..options(BackoffKind::Constant, Jitter::None, u32::MAX)
        };
        assert_eq!(first_that_never_runs(&zero, SECOND), None);
    }

    #[test]
    fn an_inner_limit_must_be_shorter_unless_a_retry_is_between() {
        assert_eq!(messages(&[timeout(SECOND), timeout(2 * SECOND)]).len(), 1);
        assert_eq!(messages(&[timeout(2 * SECOND), timeout(SECOND)]), Vec::<String>::new());
        let retried = [timeout(SECOND), TimedLayer::SharedRetry, timeout(2 * SECOND)];
        assert_eq!(messages(&retried), Vec::<String>::new());
    }

    #[test]
    fn detached_work_is_not_bounded_by_outer_timeouts() {
        let detached = TimedLayer::Timeout { limit: Some(SECOND / 2), detached: true };
        let layers = [timeout(SECOND), detached, timeout(2 * SECOND)];
        assert_eq!(messages(&layers), Vec::<String>::new());
    }

    #[test]
    fn a_wait_is_bounded_by_every_outer_timeout() {
        let bulkhead = TimedLayer::Bulkhead { max_wait: Some(SECOND) };
        let retry = options(BackoffKind::Constant, Jitter::Full, 3);
        let retry = TimedLayer::Retry { options: &retry, unknown: &[] };
        let found = never_act(&[TimedLayer::Untimed, timeout(SECOND), retry, bulkhead]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].layer, found[0].around), (3, Some(1)));
        assert_eq!(found[0].keys, ["max_wait"]);
    }

    #[test]
    fn unknown_delays_count_as_short_enough() {
        let retry = options(BackoffKind::Constant, Jitter::None, 3);
        let known = TimedLayer::Retry { options: &retry, unknown: &[] };
        let unknown = TimedLayer::Retry { options: &retry, unknown: &["base_delay"] };
        assert_eq!(messages(&[timeout(SECOND), known]).len(), 1);
        assert_eq!(messages(&[timeout(SECOND), unknown]), Vec::<String>::new());
    }

    #[test]
    fn the_message_names_the_attempts_that_never_run() {
        let retry = options(BackoffKind::Constant, Jitter::None, 5);
        let retry = TimedLayer::Retry { options: &retry, unknown: &[] };
        let [message] = &messages(&[timeout(2 * SECOND), retry])[..] else { panic!("one finding") };
        assert!(message.starts_with("attempts 3 to 5 can never run"), "{message}");
        assert!(message.contains("write `max_attempts = 2`, shorter delays"), "{message}");
    }
}
