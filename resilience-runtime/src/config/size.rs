//! The largest text that is read.

use std::sync::atomic::{AtomicUsize, Ordering};

/// 1 MiB: some thousands of functions with every option.
const DEFAULT: usize = 1 << 20;

/// Written by the program, read by each configuration; nothing else depends on it.
static BYTES: AtomicUsize = AtomicUsize::new(DEFAULT);

/// Largest size of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct MaxSize(usize);

impl MaxSize {
    pub(super) fn get() -> Self {
        Self(BYTES.load(Ordering::Relaxed))
    }

    pub(super) fn set(bytes: usize) {
        BYTES.store(bytes, Ordering::Relaxed);
    }

    pub(super) const fn bytes(self) -> usize {
        self.0
    }

    /// Message about a text that is larger.
    pub(super) fn exceeded(self) -> String {
        format!(
            "it is larger than {} bytes: write less, or allow more by \
             `registry().set_max_configuration_size(…)`",
            self.0
        )
    }
}
