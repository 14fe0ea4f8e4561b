//! The time since the program began, by which everything in the story is dated.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

static START: OnceLock<Instant> = OnceLock::new();

pub(crate) fn start() {
    START.get_or_init(Instant::now);
}

pub(crate) fn now() -> Duration {
    START.get_or_init(Instant::now).elapsed()
}
