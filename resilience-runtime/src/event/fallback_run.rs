//! The fallbacks of one function in a row, for the log: a line when they begin and one when they
//! end, not one for each call.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};

use tracing::{info, warn};

use super::repeats::Repeats;
use crate::outcome::Cause;
use crate::sync::contain;
use crate::time::Nanos;

/// The calls of one function that fell back since its last answer.
///
/// Shared state, who touches it, and in which order: `length` is incremented by each call that
/// falls back, and read by each call that is answered. The answered call that finds a number there
/// takes it out, so that one call logs the end of a run.
#[derive(Debug)]
pub(crate) struct FallbackRun {
    length: AtomicU64,
    /// Set from the line about the begin of a run to the line about its end.
    is_announced: AtomicBool,
    /// Begins of runs: a function that fails now and then begins many.
    begins: Repeats,
}

impl FallbackRun {
    pub(crate) const fn new() -> Self {
        Self {
            length: AtomicU64::new(0),
            is_announced: AtomicBool::new(false),
            begins: Repeats::new(),
        }
    }

    /// Records that a call falls back. Returns `true` if it has been logged.
    pub(crate) fn fell_back(&self, function: &'static str, cause: Cause<'_>) -> bool {
        // A run that began too soon after another one is announced as soon as it may be.
        let begins = self.length.fetch_add(1, Relaxed) == 0;
        if !begins && self.is_announced.load(Relaxed) {
            return false;
        }
        let now = Nanos::now();
        let unlogged = if begins { self.begins.log_now(now) } else { self.begins.log_if_due(now) };
        let Some(unlogged) = unlogged else { return false };
        self.is_announced.store(true, Relaxed);
        contain(|| {
            let error = cause.text();
            let error = error.as_deref();
            warn!(
                target: "resilience",
                function, error, unlogged,
                "calls are answered by a fallback"
            );
        });
        true
    }

    /// Forgets the run.
    pub(crate) fn reset(&self) {
        self.length.store(0, Relaxed);
        self.is_announced.store(false, Relaxed);
    }

    /// Records that the function itself has answered.
    #[inline]
    pub(crate) fn answered(&self, function: &'static str) {
        if self.length.load(Relaxed) > 0 {
            self.end(function);
        }
    }

    #[cold]
    fn end(&self, function: &'static str) {
        let fallbacks = self.length.swap(0, Relaxed);
        if fallbacks > 0 && self.is_announced.swap(false, Relaxed) {
            contain(
                || info!(target: "resilience", function, fallbacks, "the function answers again"),
            );
        }
    }
}
