//! Limits, waits and attempts that an outer timeout keeps from ever acting, and limits that are
//! longer than a probe keeps its place.
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
    /// Layer that lets a call wait: a bulkhead or a rate limiter.
    Waiting {
        /// Longest wait, if it is known.
        max_wait: Option<Duration>,
    },
    /// Circuit breaker.
    CircuitBreaker {
        /// Time after which a probe loses its place, if it is known.
        probe_timeout: Option<Duration>,
    },
    /// Layer that takes no time of its own.
    Untimed,
}

/// A layer, or a part of it, whose timing can't work.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NeverActs {
    /// Index of the layer.
    pub layer: usize,
    /// Names of the options to blame, the best first. Empty for the limit of a timeout, which has
    /// no name.
    pub keys: &'static [&'static str],
    /// Index of the outer timeout or circuit breaker, if one is to blame too.
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

/// A limit that is not shorter than an outer circuit breaker's probes keep their places. Others
/// take these places while the dependency still answers in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutlastedProbe {
    /// Index of the timeout.
    pub timeout: usize,
    /// Limit of the timeout.
    pub limit: Duration,
    /// Index of the circuit breaker.
    pub breaker: usize,
    /// Time after which a probe loses its place.
    pub probe_timeout: Duration,
}

/// Finds the limits that outlast the probes of an outer circuit breaker, of several that whose
/// probes end first. Only the outermost timeout below a breaker counts: the others can't make a
/// call longer.
#[must_use]
pub fn outlasted_probes(layers: &[TimedLayer<'_>]) -> Vec<OutlastedProbe> {
    let mut found = Vec::new();
    let mut around = Duration::MAX;
    let mut breakers: Vec<(usize, Duration)> = Vec::new();
    for (index, layer) in layers.iter().enumerate() {
        match *layer {
            TimedLayer::CircuitBreaker { probe_timeout: Some(probe_timeout) } => {
                breakers.push((index, probe_timeout));
            }
            TimedLayer::Timeout { limit, .. } => {
                let limit = limit.unwrap_or(Duration::ZERO);
                let outlasts =
                    |(_, probe_timeout): &&(usize, Duration)| limit.min(around) >= *probe_timeout;
                let outlasted = breakers.iter().filter(outlasts).min_by_key(|(_, time)| *time);
                found.extend(outlasted.map(|&(breaker, probe_timeout)| OutlastedProbe {
                    timeout: index,
                    limit,
                    breaker,
                    probe_timeout,
                }));
                breakers.clear();
                around = limit.min(around);
            }
            _ => {}
        }
    }
    found
}

impl From<OutlastedProbe> for NeverActs {
    fn from(found: OutlastedProbe) -> Self {
        let OutlastedProbe { timeout, limit, breaker, probe_timeout } = found;
        let message = format!(
            "a probe of the outer `#[circuit_breaker]` loses its place after {probe_timeout:?}, \
             before this limit ({limit:?}) passes, so that more and more probes run beside each \
             other: write a limit shorter than {probe_timeout:?}, or `probe_timeout = …` in the \
             circuit breaker, longer than {limit:?}"
        );
        Self { layer: timeout, keys: &[], around: Some(breaker), message }
    }
}

/// Finds all layers whose timing can't work: they can never act, or outlast a probe. `layers` are
/// in written order: from the outside in.
#[must_use]
pub fn never_act(layers: &[TimedLayer<'_>]) -> Vec<NeverActs> {
    let mut found = Vec::new();
    // The shortest outer timeout, and the shortest outer timeout without a retry in between.
    let (mut around, mut nearest): (Option<Shortest>, Option<Shortest>) = (None, None);
    for (index, layer) in layers.iter().enumerate() {
        match *layer {
            TimedLayer::Timeout { limit: None, .. }
            | TimedLayer::CircuitBreaker { .. }
            | TimedLayer::Untimed => {}
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
            TimedLayer::Waiting { max_wait } => {
                found.extend(max_wait.and_then(|wait| {
                    never_passes(index, "`max_wait`", &["max_wait"], wait, around)
                }));
            }
        }
    }
    // A limit that never passes has one mistake, and the probes are not asked.
    let outlasted = outlasted_probes(layers).into_iter();
    let is_new = |probe: &OutlastedProbe| found.iter().all(|other| other.layer != probe.timeout);
    let outlasted: Vec<NeverActs> = outlasted.filter(is_new).map(NeverActs::from).collect();
    found.extend(outlasted);
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
        let bulkhead = TimedLayer::Waiting { max_wait: Some(SECOND) };
        let retry = options(BackoffKind::Constant, Jitter::Full, 3);
        let retry = TimedLayer::Retry { options: &retry, unknown: &[] };
        let found = never_act(&[TimedLayer::Untimed, timeout(SECOND), retry, bulkhead]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].layer, found[0].around), (3, Some(1)));
        assert_eq!(found[0].keys, ["max_wait"]);
    }

    #[test]
    fn a_limit_below_a_breaker_is_shorter_than_its_probes_keep_their_places() {
        let breaker = |probe_timeout| TimedLayer::CircuitBreaker { probe_timeout };
        let retry = TimedLayer::SharedRetry;
        let found = outlasted_probes(&[breaker(Some(SECOND)), retry, timeout(SECOND)]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].breaker, found[0].timeout), (0, 2));
        let none = Vec::new();
        assert_eq!(outlasted_probes(&[breaker(Some(2 * SECOND)), timeout(SECOND)]), none);
        assert_eq!(outlasted_probes(&[timeout(SECOND), breaker(Some(SECOND))]), none);
        assert_eq!(outlasted_probes(&[breaker(None), timeout(SECOND)]), none);
        let short_around = [timeout(SECOND), breaker(Some(2 * SECOND)), retry, timeout(3 * SECOND)];
        assert_eq!(outlasted_probes(&short_around), none);
        let unknown = TimedLayer::Timeout { limit: None, detached: false };
        assert_eq!(outlasted_probes(&[breaker(Some(SECOND)), unknown, timeout(SECOND)]), none);
        let both = [breaker(Some(SECOND)), timeout(2 * SECOND), retry, timeout(SECOND)];
        assert_eq!(never_act(&both).len(), 1, "the outer limit only");
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
