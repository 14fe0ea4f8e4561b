//! The openings that a closed breaker was not allowed. Pure, like the
//! [`machine`](super::machine) that it is part of.

use std::time::Duration;

use crate::time::Nanos;

/// The openings that `max_open` has not allowed since the breaker was closed.
#[derive(Debug)]
pub(super) struct KeptClosed {
    /// Set if the last call that the machine saw would have opened the breaker.
    pub(super) is_now: bool,
    announced_at: Option<Nanos>,
}

impl KeptClosed {
    pub(super) const fn new() -> Self {
        Self { is_now: false, announced_at: None }
    }

    /// Records that an opening was not allowed. Returns `true` if it is to be announced: the first
    /// one, and one after each further open spell. A breaker that opens, and whose probes fail,
    /// emits as many events.
    pub(super) fn keep(&mut self, spell: Duration, now: Nanos) -> bool {
        self.is_now = true;
        let is_due = self.announced_at.is_none_or(|at| at.after(spell).has_come(now, spell));
        if is_due {
            self.announced_at = Some(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_allowed_is_announced_once_in_an_open_spell() {
        const SPELL: Duration = Duration::from_secs(30);
        let at = |second: u64| Nanos::FIRST.after(Duration::from_secs(100_000 + second));
        let mut kept = KeptClosed::new();
        let seconds = [0, 1, 29, 30, 31, 59, 95, 100];
        let announced = seconds.map(|second| kept.keep(SPELL, at(second)));
        assert_eq!(announced, [true, false, false, true, false, false, true, false]);
        assert!(kept.keep(SPELL, at(20)), "a clock that has gone back");
    }
}
