//! The combinations of criteria at which a breaker opens, as the documentation lists them.

use std::time::Duration;

use resilience::{CircuitBreaker, State};
use tokio::time::advance;

const TABLE: &str = include_str!("../../resilience-runtime/docs/circuit_breaker_criteria.md");
const SLOW: Duration = Duration::from_secs(1);

/// The criteria, by the names of their options.
const NAMES: [&str; 4] = ["consecutive_failures", "failure_threshold", "failure_rate", "slow_call"];

/// Some of the criteria at which a breaker opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criteria {
    /// Set for each of [`NAMES`] that is declared.
    declared: [bool; 4],
}

/// A row of the table in the documentation.
#[derive(Clone, Debug)]
pub struct CriteriaRow {
    /// The criteria that are declared.
    pub criteria: Criteria,
    /// Each scenario with its outcome: `closed`, or the reason for which the breaker opens.
    pub scenarios: Vec<(&'static str, &'static str)>,
}

impl Criteria {
    /// Returns every combination, the empty one included.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..16_u8).map(|bits| Self { declared: [0, 1, 2, 3].map(|bit| bits & (1 << bit) != 0) })
    }

    /// Returns the breaker with these criteria.
    #[must_use]
    pub fn declare(self, breaker: CircuitBreaker) -> CircuitBreaker {
        let mut breaker = breaker.minimum_calls(6);
        let [run, threshold, rate, slow] = self.declared;
        if run {
            breaker = breaker.consecutive_failures(3);
        }
        if threshold {
            breaker = breaker.failure_threshold(4);
        }
        if rate {
            breaker = breaker.failure_rate(0.5);
        }
        if slow {
            breaker = breaker.slow_call(SLOW).slow_call_rate(0.5);
        }
        breaker
    }

    /// Returns the names of these criteria.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.into_iter().zip(self.declared).filter_map(|(name, is_there)| is_there.then_some(name))
    }

    /// Returns these criteria as the lines of a file.
    #[must_use]
    pub fn to_toml(self) -> String {
        let [run, threshold, rate, slow] = self.declared;
        let lines = [
            (run, "consecutive_failures = 3\n"),
            (threshold, "failure_threshold = 4\n"),
            (rate, "failure_rate = 0.5\n"),
            (slow, "slow_call = '1s'\nslow_call_rate = 0.5\n"),
            (rate || slow, "minimum_calls = 6\n"),
        ];
        lines.into_iter().filter_map(|(is_there, line)| is_there.then_some(line)).collect()
    }

    /// Reads the first cell of a row.
    fn read(cell: &str) -> Self {
        let has = |name| cell == "all four" || cell.contains(&format!("`{name}`"));
        Self { declared: NAMES.map(has) }
    }
}

/// Returns the table of the documentation.
#[must_use]
pub fn documented_criteria() -> Vec<CriteriaRow> {
    let cells = |line: &'static str| line.trim_matches('|').split('|').map(str::trim);
    let mut lines = TABLE.lines();
    let scenarios: Vec<_> = lines.next().map(cells).into_iter().flatten().skip(1).collect();
    let row = |line| {
        let mut cells = cells(line);
        let criteria = Criteria::read(cells.next().unwrap_or_default());
        CriteriaRow { criteria, scenarios: scenarios.iter().copied().zip(cells).collect() }
    };
    lines.skip(1).map(row).collect()
}

/// Lets this happen to a closed breaker, on a paused clock. Returns `closed`, or the reason for
/// which it opens.
///
/// # Panics
///
/// If nobody knows how to let it happen.
pub async fn outcome(breaker: &CircuitBreaker, scenario: &str) -> String {
    /// Makes a call that takes that long, and fails or succeeds.
    async fn call(breaker: &CircuitBreaker, fails: bool, takes: Duration) {
        let Ok(admission) = breaker.admit() else { return };
        advance(takes).await;
        if fails { admission.failure() } else { admission.success() }
    }
    let quick = Duration::ZERO;
    match scenario {
        "3 failures after 10 successes" => {
            for nth in 0..13 {
                call(breaker, nth >= 10, quick).await;
            }
        }
        "every other of 6 calls fails" => {
            for nth in 0..6 {
                call(breaker, nth % 2 == 1, quick).await;
            }
        }
        "every 5th of 20 calls fails" => {
            for nth in 0..20 {
                call(breaker, nth % 5 == 4, quick).await;
            }
        }
        "every other of 6 calls is slow" => {
            for nth in 0..6 {
                call(breaker, false, if nth % 2 == 1 { SLOW } else { quick }).await;
            }
        }
        "6 slow failures" => {
            for _ in 0..6 {
                call(breaker, true, SLOW).await;
            }
        }
        _ => panic!("no test lets this happen: {scenario}"),
    }
    let snapshot = breaker.snapshot();
    match (snapshot.state, snapshot.reason) {
        (State::Open, Some(reason)) => reason.to_string(),
        (state, _) => state.to_string(),
    }
}
