//! The share of the keys that may be open at once.
//!
//! Shared state, who touches it, and in which order: `counts`, one word for the breakers of one
//! [`Keyed`](crate::Keyed). A thread changes it while it holds the lock of the breaker whose key
//! comes, opens, closes or goes, by one atomic step each. So the number of open keys never exceeds
//! the share at the moment at which a breaker opens. The word says nothing about other memory, and
//! its order with other memory does not matter. Calls that succeed never touch it.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use crate::sync::AtomicU64;

/// The number of keys that have a place, and of open ones among them.
#[derive(Debug)]
pub(crate) struct OpenKeys {
    /// Share of the keys that may be open: more than 0.0 and at most 1.0.
    max_open: f64,
    /// Number of open keys in the lower half, of all keys in the upper half. A table of 2³² keys
    /// does not fit into memory.
    counts: AtomicU64,
}

const ONE_OPEN: u64 = 1;
const ONE_KEY: u64 = 1 << 32;

/// Numbers of keys at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeysNow {
    /// Keys whose breaker is open, half-open or forced open.
    pub(crate) open: usize,
    /// All keys that have a place.
    pub(crate) all: usize,
}

impl KeysNow {
    fn of(counts: u64) -> Self {
        let number = |half: u64| usize::try_from(half).unwrap_or(usize::MAX);
        Self { open: number(counts % ONE_KEY), all: number(counts / ONE_KEY) }
    }
}

/// Returns the number of keys that may be open if this is the number of all: the share, rounded
/// down, and at least one.
pub(crate) fn most_open(max_open: f64, all: usize) -> usize {
    let rounded = rounded_down(max_open, all);
    // The product may be a little less than it should: 0.29 times 100 is 28.999…
    let next = rounded + 1;
    let is_within = share(next, all) <= max_open;
    if is_within { next } else { rounded }.clamp(1, all.max(1))
}

#[expect(clippy::cast_precision_loss, reason = "numbers of keys are far below 2⁵³")]
fn share(part: usize, of: usize) -> f64 {
    part as f64 / of as f64
}

#[expect(clippy::cast_precision_loss, reason = "numbers of keys are far below 2⁵³")]
#[expect(clippy::cast_possible_truncation, reason = "rounding down is meant")]
#[expect(clippy::cast_sign_loss, reason = "neither factor is negative")]
fn rounded_down(share: f64, of: usize) -> usize {
    (share * of as f64) as usize
}

impl OpenKeys {
    pub(crate) const fn new(max_open: f64) -> Self {
        Self { max_open, counts: AtomicU64::new(0) }
    }

    /// Counts one more open key, if the share allows it.
    ///
    /// # Errors
    ///
    /// With the numbers that do not allow it.
    fn try_open(&self) -> Result<(), KeysNow> {
        let opened = self.counts.fetch_update(Relaxed, Relaxed, |counts| {
            let now = KeysNow::of(counts);
            (now.open < most_open(self.max_open, now.all)).then(|| counts + ONE_OPEN)
        });
        opened.map(drop).map_err(KeysNow::of)
    }

    #[cfg(test)]
    pub(crate) fn now(&self) -> KeysNow {
        KeysNow::of(self.counts.load(Relaxed))
    }
}

/// The breaker of a key that has a place. Dropped when the key loses its place.
#[derive(Debug)]
pub(super) struct CountedKey {
    keys: Arc<OpenKeys>,
    is_open: bool,
}

impl CountedKey {
    /// Counts a key that has found a place.
    pub(super) fn new(keys: Arc<OpenKeys>, is_open: bool) -> Self {
        let counted = Self { keys, is_open };
        counted.keys.counts.fetch_add(counted.counts(), Relaxed);
        counted
    }

    /// Counts the key as open, if the share allows one more.
    ///
    /// # Errors
    ///
    /// With the numbers that do not allow it.
    pub(super) fn try_open(&mut self) -> Result<(), KeysNow> {
        if !self.is_open {
            self.keys.try_open()?;
            self.is_open = true;
        }
        Ok(())
    }

    /// Counts the key as open or not, as its breaker is. An operator may open any number.
    pub(super) fn update(&mut self, is_open: bool) {
        if is_open == self.is_open {
            return;
        }
        self.is_open = is_open;
        if is_open {
            self.keys.counts.fetch_add(ONE_OPEN, Relaxed);
        } else {
            self.keys.counts.fetch_sub(ONE_OPEN, Relaxed);
        }
    }

    const fn counts(&self) -> u64 {
        if self.is_open { ONE_KEY + ONE_OPEN } else { ONE_KEY }
    }
}

impl Drop for CountedKey {
    fn drop(&mut self) {
        self.keys.counts.fetch_sub(self.counts(), Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_share_of_every_number_of_keys_is_exact() {
        for all in 1..=300 {
            for part in 1..=all {
                assert_eq!(most_open(share(part, all), all), part, "{part} of {all}");
            }
        }
    }

    #[test]
    fn a_share_is_rounded_down_and_at_least_one() {
        let of = |share: f64| [0, 1, 2, 3, 7, 10, 1024].map(|all| most_open(share, all));
        assert_eq!(of(0.5), [1, 1, 1, 1, 3, 5, 512]);
        assert_eq!(of(0.3), [1, 1, 1, 1, 2, 3, 307]);
        assert_eq!(of(f64::MIN_POSITIVE), [1; 7]);
        assert_eq!(of(1.0), [1, 1, 2, 3, 7, 10, 1024]);
    }
}
