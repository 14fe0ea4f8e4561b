//! The limits of a retry budget, and which of them can't be right.

/// One retry.
pub(super) const TOKEN: u64 = 1_000_000;

#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryBudgetOptions {
    pub(crate) ratio: f64,
    pub(crate) min_per_sec: u32,
}

impl RetryBudgetOptions {
    pub(crate) const DEFAULT: Self = Self { ratio: 0.2, min_per_sec: 10 };

    /// What a first call deposits, in parts of a [`TOKEN`].
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "in range"
    )]
    pub(super) fn deposit(&self) -> u64 {
        (self.ratio * TOKEN as f64) as u64
    }

    /// Why this can't be right, as a sentence; `None` if it can.
    pub(crate) const fn refusal(&self) -> Option<&'static str> {
        if self.ratio >= 0.0 && self.ratio <= 1000.0 {
            return None;
        }
        Some(
            "ratio must be from 0.0 to 1000.0: it is the number of retries that each first call pays for",
        )
    }
}
