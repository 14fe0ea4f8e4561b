//! How many retries the calls of some functions may make together.
//!
//! Shared state, who touches it, and in which order; all of it without a lock:
//!
//! - `deposits`: how many first calls each of the last seconds has seen. A first call adds one to the slot of its second,
//!   and takes the slot over if it holds a second long gone.
//! - `balance`: what has been deposited and not been spent. A first call adds to it, after its slot; a retry takes from it in one step,
//!   having cut it to what the slots hold. So what a retry takes was deposited, is taken once, and is not older than the
//!   window.
//! - `reserve`: up to when the reserve is used up. A retry moves it in one step.

#[cfg(feature = "toml")]
mod configure;
mod limits;

use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};

use crate::live::Live;
use crate::sync::AtomicU64;
use crate::tick::Tick;
use limits::Limits;

/// For how many seconds a deposit can be spent, as in Finagle.
const WINDOW: u64 = 10;
const SLOTS: usize = 10;
const SECOND: u64 = 1_000_000_000;
/// One retry.
const TOKEN: u64 = 1_000_000;
/// The lower half of a slot.
const MASK: u64 = u32::MAX as u64;

/// A limit on the retries of all functions that name it, so that a dependency that is down is not called three times as often as one that is
/// up.
///
/// A token bucket: each first call deposits [`ratio`](Self::ratio) tokens, each retry takes one, and a retry that finds none is not made: the
/// failure at hand is the result. A call that is inside an attempt of another retry, which does the retrying, deposits nothing: else a retry
/// would pay for more of them. A deposit is gone after 10 s, spent or not. Beside it, [`min_per_sec`](Self::min_per_sec) retries are allowed
/// always, for functions that are seldom called. The rule is Finagle's `RetryBudget`.
///
/// ```
/// use resilience::{RetryBudget, retry};
///
/// static BUDGET: RetryBudget = RetryBudget::new("payment").ratio(0.1);
///
/// #[retry(budget = BUDGET)]
/// async fn charge(amount: u64) -> std::io::Result<u64> {
///     Ok(amount)
/// }
/// ```
///
/// With a ratio of 0.2, ten thousand calls to a dependency that is down become at most twelve thousand, and 10 a second.
#[derive(Debug)]
pub struct RetryBudget {
    name: &'static str,
    limits: Live<Limits>,
    /// Seconds in the upper half, first calls in the lower.
    deposits: [AtomicU64; SLOTS],
    balance: AtomicU64,
    reserve: AtomicU64,
}

impl RetryBudget {
    /// A budget with the defaults: 0.2 retries a call, and 10 a second beside that.
    ///
    /// # Panics
    ///
    /// If the name is empty.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        assert!(
            !name.is_empty(),
            "a retry budget's name must not be empty: the registry calls it by its name"
        );
        Self {
            name,
            limits: Live::new(Limits::DEFAULT),
            deposits: [const { AtomicU64::new(0) }; SLOTS],
            balance: AtomicU64::new(0),
            reserve: AtomicU64::new(0),
        }
    }

    /// How many retries each first call pays for. Default 0.2; from 0.0 to 1000.0.
    ///
    /// # Panics
    ///
    /// If `ratio` is not in that range.
    #[must_use]
    #[track_caller]
    pub const fn ratio(mut self, ratio: f64) -> Self {
        self.limits.declared.ratio = ratio;
        if let Some(reason) = self.limits.declared.refusal() {
            panic!("{}", reason)
        }
        self
    }

    /// How many retries a second are allowed always. Default 10. After a second without any, that many may be made at once.
    #[must_use]
    pub const fn min_per_sec(mut self, retries: u32) -> Self {
        self.limits.declared.min_per_sec = retries;
        self
    }

    /// The name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How many retries could be made now, the reserve aside.
    #[must_use]
    pub fn available(&self) -> u64 {
        self.balance.load(Acquire).min(self.deposited(Tick::now())) / TOKEN
    }

    /// A first call.
    pub(super) fn deposit(&self, now: Tick) {
        let second = now.get() / SECOND;
        let slot = self.slot(second);
        // Seconds are told apart by their lower half: 136 years.
        let one_more = |seen: u64| {
            let calls = if seen >> 32 == second & MASK { seen & MASK } else { 0 };
            Some((second & MASK) << 32 | (calls + 1).min(MASK))
        };
        let _ = slot.fetch_update(AcqRel, Relaxed, one_more);
        let deposit = self.limits.with(Limits::deposit);
        let paid = |balance: u64| Some(balance.saturating_add(deposit));
        let _ = self.balance.fetch_update(AcqRel, Relaxed, paid);
    }

    /// Whether a retry may be made; if so, it is paid for.
    pub(super) fn withdraw(&self, now: Tick) -> bool {
        self.take_of_reserve(now) || self.take_of_balance(now)
    }

    /// The reserve fills evenly, up to what a second is allowed.
    fn take_of_reserve(&self, now: Tick) -> bool {
        let Some(interval) =
            SECOND.checked_div(self.limits.with(|limits| limits.min_per_sec.into()))
        else {
            return false;
        };
        let full_at = now.get().saturating_add(SECOND);
        let take = |used_up: u64| {
            let next = used_up.max(now.get()).saturating_add(interval);
            (next <= full_at).then_some(next)
        };
        self.reserve.fetch_update(AcqRel, Acquire, take).is_ok()
    }

    fn take_of_balance(&self, now: Tick) -> bool {
        // What is in the balance is in the slots: those are read after it.
        let take = |balance: u64| balance.min(self.deposited(now)).checked_sub(TOKEN);
        self.balance.fetch_update(AcqRel, Acquire, take).is_ok()
    }

    /// What the first calls of the last seconds have paid.
    fn deposited(&self, now: Tick) -> u64 {
        let second = now.get() / SECOND;
        let calls = |ago: u64| {
            let second = second.saturating_sub(ago);
            let seen = self.slot(second).load(Acquire);
            if seen >> 32 == second & MASK { seen & MASK } else { 0 }
        };
        (0..WINDOW).map(calls).sum::<u64>().saturating_mul(self.limits.with(Limits::deposit))
    }

    fn slot(&self, second: u64) -> &AtomicU64 {
        &self.deposits[(second % WINDOW) as usize]
    }
}

/// Model checks: two and three threads, every schedule that is reached.
#[cfg(test)]
mod model {
    use shuttle::sync::Arc;
    use shuttle::thread;

    use super::*;

    const NOW: Tick = Tick::at(1 << 40);

    fn check(scenario: impl Fn() + Send + Sync + Copy + 'static) {
        shuttle::check_random(scenario, 3_000);
        shuttle::check_pct(scenario, 3_000, 3);
    }

    /// Two first calls each, and as many retries as the budget allows them.
    fn spend(budget: &Arc<RetryBudget>, threads: usize) -> usize {
        let threads: Vec<_> = (0..threads)
            .map(|_| {
                let budget = Arc::clone(budget);
                thread::spawn(move || {
                    budget.deposit(NOW);
                    budget.deposit(NOW);
                    (0..3).filter(|_| budget.withdraw(NOW)).count()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread panics")).sum()
    }

    #[test]
    fn what_is_spent_was_deposited_and_what_was_deposited_can_be_spent() {
        check(|| {
            let budget = Arc::new(RetryBudget::new("subject").ratio(0.5).min_per_sec(0));
            let spent = spend(&budget, 3);
            let left = (0..9).filter(|_| budget.withdraw(NOW)).count();
            assert_eq!(spent + left, 3);
        });
    }

    #[test]
    fn the_reserve_is_given_once() {
        check(|| {
            let budget = Arc::new(RetryBudget::new("subject").ratio(0.0).min_per_sec(4));
            assert_eq!(spend(&budget, 2), 4);
        });
    }
}
