//! The counts of the last minutes, without a clock on the path of a call: each reading of the
//! health leaves the counts behind for later readings.
//!
//! Shared state, who touches it, and in which order: `HISTORY`, under its lock, by each reading of
//! the health, the report or the metrics. No code of the user runs under the lock, and no call
//! takes it.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::declared::{AnnotatedFunction, Layer};
use super::index::{functions_in_order, index};
use crate::call_stats::CallStats;
use crate::policy::combined::Policy;
use crate::time::Nanos;

/// The period that the rates are about.
const PERIOD: Duration = Duration::from_secs(300);

/// Least time between two entries. So there are at most 31.
const SPACING: Duration = Duration::from_secs(10);

static HISTORY: Mutex<History> = Mutex::new(History::new());

/// The counts at the moments of the last readings.
#[derive(Debug)]
struct History {
    /// In order of their times.
    entries: VecDeque<PastReading>,
    /// Moment of the last reading, and the counts; none before the first.
    last: Option<(Nanos, Totals)>,
}

/// The counts at one moment.
#[derive(Clone, Debug, Default)]
struct Totals {
    /// In the order of the index.
    functions: Vec<CallStats>,
    /// Of the calls by a policy's own `call`, in the order of the index.
    policies: Vec<CallStats>,
}

#[derive(Debug)]
struct PastReading {
    at: Nanos,
    counts: Totals,
    /// Moment of the counts: earlier than `at` for the first entry of a run of readings, whose
    /// counts are those of the reading before the run. `None` for the start of the program.
    counted: Option<Nanos>,
}

/// The counts of the last minutes, of every function and policy.
#[derive(Debug)]
pub(super) struct Recent {
    counts: Totals,
    /// The time that the counts are about; `None` for all since the start of the program.
    pub(super) period: Option<Duration>,
    /// As `period`, and for the start of the program the time since a clock was first read.
    known_period: Duration,
}

impl Recent {
    /// Reads all counts, and keeps them for later readings.
    pub(super) fn read() -> Self {
        let mut history = HISTORY.lock().unwrap_or_else(PoisonError::into_inner);
        history.read(Nanos::now(), Totals::now())
    }

    /// Keeps the counts of this moment for later readings.
    #[cfg(feature = "metrics")]
    pub(super) fn keep() {
        let _ = Self::read();
    }

    /// Forgets all earlier readings, as when the program starts.
    pub(super) fn reset() {
        *HISTORY.lock().unwrap_or_else(PoisonError::into_inner) = History::new();
    }

    /// Returns the counts of the functions, in the order of the index.
    pub(super) fn functions(&self) -> impl Iterator<Item = CallStats> + '_ {
        self.counts.functions.iter().copied()
    }

    /// Returns how many of this number of recent calls fall into a window of this length, on
    /// average.
    pub(super) fn within(&self, window: Duration, calls: u64) -> u64 {
        if self.known_period <= window {
            return calls;
        }
        let nanoseconds = u128::from(calls) * window.as_nanos();
        u64::try_from(nanoseconds / self.known_period.as_nanos()).unwrap_or(u64::MAX)
    }

    /// Returns the counts of the calls through the policy: by its own `call`, and of the functions
    /// that name it. `None` if it is not registered.
    pub(super) fn of_policy(&self, policy: &Policy) -> Option<CallStats> {
        let is_it = |other: &Policy| std::ptr::eq(other, policy);
        let place = index().policies.iter().position(is_it)?;
        let own = self.counts.policies.get(place).copied()?;
        let names = |function: &AnnotatedFunction| {
            function.layers().iter().filter_map(Layer::policy).any(is_it)
        };
        let functions = functions_in_order().zip(self.functions());
        let through = functions.filter(|(function, _)| names(function));
        Some(through.map(|(_, counts)| counts).fold(own, CallStats::plus))
    }
}

impl Totals {
    fn now() -> Self {
        Self {
            functions: functions_in_order().map(AnnotatedFunction::stats).collect(),
            policies: index().policies.iter().map(Policy::stats_of_calls).collect(),
        }
    }

    fn since(&self, earlier: &Self) -> Self {
        let each = |now: &[CallStats], earlier: &[CallStats]| {
            // The counts before the first reading are zero.
            let earlier = earlier.iter().copied().chain(std::iter::repeat(CallStats::default()));
            now.iter().zip(earlier).map(|(now, earlier)| now.since(earlier)).collect()
        };
        Self {
            functions: each(&self.functions, &earlier.functions),
            policies: each(&self.policies, &earlier.policies),
        }
    }
}

impl History {
    const fn new() -> Self {
        Self { entries: VecDeque::new(), last: None }
    }

    fn read(&mut self, at: Nanos, now: Totals) -> Recent {
        // Another runtime's paused clock: nothing that is known is about its minutes.
        if self.entries.back().is_some_and(|entry| entry.at > at) {
            *self = Self::new();
        }
        while self.entries.front().is_some_and(|entry| at.since(entry.at) > PERIOD) {
            self.entries.pop_front();
        }
        if self.entries.is_empty() {
            let (counted, counts) = self.last.take().unzip();
            self.entries.push_back(PastReading { at, counts: counts.unwrap_or_default(), counted });
        }
        let first = &self.entries[0];
        let period = first.counted.map(|counted| at.since(counted));
        let recent = Recent {
            counts: now.since(&first.counts),
            period,
            known_period: period.unwrap_or(at.since_origin()),
        };
        if self.entries.back().is_some_and(|entry| at.since(entry.at) >= SPACING) {
            self.entries.push_back(PastReading { at, counts: now.clone(), counted: Some(at) });
        }
        self.last = Some((at, now));
        recent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A history of one function, whose calls all succeed.
    struct Subject(History);

    impl Subject {
        fn new() -> Self {
            Self(History::new())
        }

        /// Reads at this second, after this number of calls since the start.
        fn read(&mut self, second: u64, calls: u64) -> (u64, Option<u64>) {
            let at = Nanos::at(1_000_000_000_000 + second * 1_000_000_000);
            let stats = CallStats { successes: calls, ..CallStats::default() }.with_sum();
            let counts = Totals { functions: vec![stats], policies: Vec::new() };
            let recent = self.0.read(at, counts);
            (recent.counts.functions[0].calls, recent.period.map(|period| period.as_secs()))
        }
    }

    #[test]
    fn the_first_minutes_of_readings_are_about_all_calls_since_the_start() {
        let mut subject = Subject::new();
        assert_eq!(subject.read(0, 100), (100, None));
        assert_eq!(subject.read(1, 101), (101, None));
        assert_eq!(subject.read(300, 150), (150, None));
    }

    #[test]
    fn later_readings_are_about_five_minutes() {
        let mut subject = Subject::new();
        for second in 0..=1_000 {
            let (calls, period) = subject.read(second, second * 10);
            if second > 300 {
                let period = period.unwrap_or_default();
                assert!((290..=300).contains(&period), "{period}");
                assert_eq!(calls, period * 10);
            }
        }
        assert!(subject.0.entries.len() <= 31, "{}", subject.0.entries.len());
    }

    #[test]
    fn after_a_pause_a_reading_is_about_the_time_since_the_last_one() {
        let mut subject = Subject::new();
        assert_eq!(subject.read(0, 100), (100, None));
        assert_eq!(subject.read(10, 110), (110, None));
        assert_eq!(subject.read(15, 115), (115, None));
        assert_eq!(subject.read(4_000, 500), (385, Some(3_985)), "since second 15");
        assert_eq!(subject.read(4_010, 510), (395, Some(3_995)));
        assert_eq!(subject.read(4_301, 600), (90, Some(291)));
    }

    #[test]
    fn a_clock_that_goes_back_begins_again() {
        let mut subject = Subject::new();
        assert_eq!(subject.read(5_000, 100), (100, None));
        assert_eq!(subject.read(5_400, 110), (10, Some(400)));
        assert_eq!(subject.read(100, 120), (120, None));
        assert_eq!(subject.read(101, 121), (121, None));
    }
}
