//! The treatment of successes.

use resilience_options::{CircuitBreakerOptions, WindowKind};

/// Treatment of the successes of a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SuccessMode {
    /// Options and state must be inspected.
    Inspect = 0,
    /// A success is not counted.
    Uncounted = 1,
    /// A success is counted, whenever it comes.
    Counted = 2,
    /// A success is counted by the time of its end.
    CountedByTime = 3,
    /// A success ends the run of failures: the machine must see it.
    EndsRun = 4,
}

impl SuccessMode {
    /// Treatment of the successes of a closed breaker with these options, while no run of failures
    /// is under way.
    pub(super) const fn of(options: &CircuitBreakerOptions) -> Self {
        match options.window_kind() {
            _ if !options.counts_successes() => Self::Uncounted,
            // A slow success is more than a success.
            _ if options.slow_call.is_some() => Self::Inspect,
            WindowKind::Calls(_) => Self::Counted,
            WindowKind::Time(_) => Self::CountedByTime,
        }
    }
}
