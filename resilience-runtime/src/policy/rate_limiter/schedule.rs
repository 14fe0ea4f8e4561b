//! The turns of the calls: the generic cell rate algorithm (GCRA) with reservation.
//!
//! Shared state, who touches it, and in which order:
//!
//! - `spent`, one word: the moment of the limiter's time until which all tokens are spent. From
//!   there to now, one token is made per interval, up to `burst`. If the moment is in the future,
//!   it is the last turn that was given out.
//!   - A call takes its turn by one compare-and-swap, which moves the word on by the price of the
//!     call. So turns are in the order of these steps, and no two calls share one.
//!   - A call that gives up moves the word back by its price, but only if the word still is its
//!     own turn: nobody has a later one. A word goes back by no other step, so a word that is equal
//!     to the turn of a waiting call was written by it.
//!   - A reload may move the word on, before the new limits are in force.
//! - `pauses`: a call reads the word before the limiter's time. So it never compares a word of
//!   after a reset with the time before it.
//! - `longest_wait`: the greatest `max_wait` that has been in force, set before it is. No word is
//!   further ahead of the limiter's time. A word that is comes from a time before the clock has
//!   gone back, and the limiter's time is moved on to it.
//! - `waiting`: number of calls that wait, for the snapshot.

use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
use std::time::Duration;

use super::pace::Pace;
use super::pauses::{LimiterMoment, Pauses};
use crate::sync::AtomicU64;
use crate::time::Nanos;

/// Nanoseconds by which a word may be further ahead than the longest wait: threads read the clock
/// one after the other.
const TOLERANCE: u64 = 1_000_000_000;

/// Turns of one limiter.
#[derive(Debug)]
pub(super) struct Schedule {
    spent: AtomicU64,
    pauses: Pauses,
    longest_wait: AtomicU64,
    waiting: AtomicU64,
}

/// Turn that a call has got.
#[derive(Debug)]
pub(super) enum Turn<'a> {
    /// The turn has come.
    Now,
    /// The turn comes later.
    Later(WaitingTurn<'a>),
}

/// Turn of a call that waits for it. Dropped before it is taken, it is given back if nobody has a
/// later one.
#[derive(Debug)]
#[must_use]
pub(super) struct WaitingTurn<'a> {
    schedule: &'a Schedule,
    at: u64,
    price: u64,
    is_taken: bool,
}

/// Limiter at one moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct LimiterReading {
    /// Tokens that can be had at once, when the limiter is not paused.
    pub(super) tokens: u32,
    /// Nanoseconds until a call would have its turn.
    pub(super) next: u64,
    /// Nanoseconds until a pause ends.
    pub(super) paused: u64,
    /// Number of calls that wait.
    pub(super) waiting: u64,
    /// Set if `burst` tokens are there, no call waits and the limiter is not paused.
    pub(super) is_full: bool,
}

impl Schedule {
    pub(super) const fn new(pace: &Pace) -> Self {
        Self {
            spent: AtomicU64::new(0),
            pauses: Pauses::none(),
            longest_wait: AtomicU64::new(pace.max_wait),
            waiting: AtomicU64::new(0),
        }
    }

    /// Returns a separate schedule with all tokens.
    pub(super) fn fresh(&self) -> Self {
        let longest_wait = AtomicU64::new(self.longest_wait.load(Acquire));
        let (spent, waiting) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { spent, pauses: Pauses::none(), longest_wait, waiting }
    }

    /// Sets the limits in the code, before any call.
    pub(super) const fn declare(&mut self, pace: &Pace) {
        self.longest_wait = AtomicU64::new(pace.max_wait);
    }

    /// Takes a turn for a call of this price, if its wait is at most `longest`. Otherwise returns
    /// the wait that would be needed. All are nanoseconds.
    #[inline]
    pub(super) fn take(
        &self,
        pace: &Pace,
        price: u64,
        now: Nanos,
        longest: u64,
    ) -> Result<Turn<'_>, u64> {
        let mut spent = self.spent.load(Acquire);
        loop {
            let moment = self.moment(spent, pace, now);
            let at = charged(spent, pace, moment).saturating_add(price);
            let wait = moment.until(at);
            if wait > longest {
                return Err(wait);
            }
            match self.spent.compare_exchange_weak(spent, at, AcqRel, Acquire) {
                Ok(_) if wait == 0 => return Ok(Turn::Now),
                Ok(_) => return Ok(Turn::Later(WaitingTurn::new(self, at, price))),
                Err(other) => spent = other,
            }
        }
    }

    /// Stops the limiter's time. Returns `true` if it ran before.
    pub(super) fn pause(&self, now: Nanos, length: Duration) -> bool {
        self.pauses.pause(now, length)
    }

    /// Forgets all calls, and ends a pause: `burst` calls can be made at once. Calls that wait
    /// still wait for the time that they had to.
    pub(super) fn reset(&self, pace: &Pace, now: Nanos) {
        let spent = self.spent.load(Acquire);
        self.pauses.advance(now, spent.saturating_add(pace.capacity()));
    }

    /// Keeps the number of tokens where a new pace would make more of the same time. Called before
    /// the new pace is in force. Fewer tokens than before are never too many.
    #[cfg(any(test, feature = "toml"))]
    pub(super) fn change_pace(&self, old: &Pace, new: &Pace, now: Nanos) {
        let raise = |longest: u64| Some(longest.max(new.max_wait));
        let _ = self.longest_wait.fetch_update(AcqRel, Acquire, raise);
        if (old.interval, old.burst) == (new.interval, new.burst) {
            return;
        }
        let keep_tokens = |spent: u64| {
            let moment = self.moment(spent, old, now);
            let made = moment.at.saturating_sub(charged(spent, old, moment));
            let tokens = u128::from(made) * u128::from(new.interval) / u128::from(old.interval);
            let kept = moment.at.saturating_sub(u64::try_from(tokens).unwrap_or(u64::MAX));
            (kept > spent && made > 0).then_some(kept)
        };
        let _ = self.spent.fetch_update(AcqRel, Acquire, keep_tokens);
    }

    pub(super) fn read(&self, pace: &Pace, now: Nanos) -> LimiterReading {
        let spent = self.spent.load(Acquire);
        let moment = self.moment(spent, pace, now);
        let charged = charged(spent, pace, moment);
        let made = moment.at.saturating_sub(charged);
        let waiting = self.waiting.load(Relaxed);
        LimiterReading {
            tokens: pace.tokens(made),
            next: moment.until(charged.saturating_add(pace.interval)),
            paused: moment.paused,
            waiting,
            is_full: made >= pace.capacity() && waiting == 0 && moment.paused == 0,
        }
    }

    /// Returns the limiter's time, after the word was read.
    #[inline]
    fn moment(&self, spent: u64, pace: &Pace, now: Nanos) -> LimiterMoment {
        let moment = self.pauses.at(now);
        if spent <= moment.at || self.is_believed(spent, moment) {
            return moment;
        }
        self.catch_up(spent, pace, now)
    }

    #[cold]
    fn is_believed(&self, spent: u64, moment: LimiterMoment) -> bool {
        let longest = self.longest_wait.load(Acquire).saturating_add(TOLERANCE);
        spent <= moment.at.saturating_add(longest)
    }

    /// Moves the limiter's time on to a word that was written by another clock.
    #[cold]
    fn catch_up(&self, spent: u64, pace: &Pace, now: Nanos) -> LimiterMoment {
        self.pauses.advance(now, spent.saturating_add(pace.capacity()));
        self.pauses.at(now)
    }
}

/// Returns the moment until which all tokens are spent, with no more than `burst` tokens since.
#[inline]
fn charged(spent: u64, pace: &Pace, moment: LimiterMoment) -> u64 {
    spent.max(moment.at.saturating_sub(pace.capacity()))
}

impl<'a> WaitingTurn<'a> {
    fn new(schedule: &'a Schedule, at: u64, price: u64) -> Self {
        let _ = schedule.waiting.fetch_update(Relaxed, Relaxed, |calls| Some(calls + 1));
        Self { schedule, at, price, is_taken: false }
    }

    /// Returns the nanoseconds until the turn has come.
    pub(super) fn wait(&self, now: Nanos) -> u64 {
        self.schedule.pauses.at(now).until(self.at)
    }

    /// Uses the turn, which has come.
    pub(super) fn take(mut self) {
        self.is_taken = true;
    }
}

impl Drop for WaitingTurn<'_> {
    fn drop(&mut self) {
        let Self { schedule, at, price, is_taken } = *self;
        if !is_taken {
            let give_back = |spent: u64| (spent == at).then(|| at.saturating_sub(price));
            let _ = schedule.spent.fetch_update(AcqRel, Relaxed, give_back);
        }
        schedule.waiting.fetch_sub(1, Relaxed);
    }
}
