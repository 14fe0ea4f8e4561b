//! Time since the program began: every line of the output is dated by it.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

static START: OnceLock<Instant> = OnceLock::new();

pub(crate) fn start() {
    START.get_or_init(Instant::now);
}

pub(crate) fn now() -> Duration {
    START.get_or_init(Instant::now).elapsed()
}
