//! The options of a retry budget.

options! {
    /// Options of a retry budget.
    pub struct RetryBudgetOptions("retry_budget", "retry budget") {
        /// Number of retries that each first call pays for.
        ratio: f64,
            within(0.0, 1000.0, "it is the number of retries that each first call pays for"),
            "retries that each first call pays for", |it| Some(it.ratio());
        /// Number of retries per second that are always allowed.
        min_per_sec: u32, any, "retries per second that are always allowed",
            |it| Some(it.min_per_sec());
    }
}

const DEFAULT_RATIO: f64 = 0.2;
const DEFAULT_MIN_PER_SEC: u32 = 10;

impl RetryBudgetOptions {
    /// Number of retries that each first call pays for. Default 0.2.
    #[inline]
    #[must_use]
    pub const fn ratio(&self) -> f64 {
        match self.ratio {
            Some(ratio) => ratio,
            None => DEFAULT_RATIO,
        }
    }

    /// Number of retries per second that are always allowed. Default 10.
    #[inline]
    #[must_use]
    pub const fn min_per_sec(&self) -> u32 {
        match self.min_per_sec {
            Some(retries) => retries,
            None => DEFAULT_MIN_PER_SEC,
        }
    }
}
