//! A budget for the retries of several functions.
//!
//! Shared state, who touches it, and in which order; all without a lock:
//!
//! - `deposits`: number of first calls in each of the last seconds. A first call adds one to the
//!   entry of its second, and resets the entry first if it belongs to an old second.
//! - `balance`: deposits that have not been spent. A first call adds its deposit, after it has
//!   updated its entry. A retry cuts the balance to the sum of the entries and takes a token, in
//!   one step. So each token that a retry takes was deposited, is taken once, and is not older than
//!   the window.
//! - `reserve`: moment until which the reserve is used up. A retry moves it in one step.

use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
#[cfg(feature = "toml")]
use std::task::Waker;
use std::time::Duration;

use resilience_options::RetryBudgetOptions;
#[cfg(feature = "tracing")]
use tracing::warn;

#[cfg(feature = "tracing")]
use crate::event::Repeats;
use crate::sync::AtomicU64;
use crate::sync::Reloadable;
#[cfg(feature = "tracing")]
use crate::sync::contain;
use crate::time::Nanos;

/// Number of seconds for which a deposit can be spent, as in Finagle.
const WINDOW: u64 = 10;
const ENTRIES: usize = 10;
/// Price of one retry.
const TOKEN: u64 = 1_000_000;
/// One second in nanoseconds.
const SECOND: u64 = 1_000_000_000;
/// Time in which an empty reserve refills.
const RESERVE_SPAN: Duration = Duration::from_secs(1);
/// Mask of the lower half of an entry.
const MASK: u64 = u32::MAX as u64;

/// Common limit on the retries of all functions that name it. Without a budget, a dependency that
/// is down gets three times as many calls as one that is up.
///
/// A budget is a token bucket. Each first call deposits [`ratio`](Self::ratio) tokens, and each
/// retry takes one token. If there is no token, the retry is suppressed, and the last failure is
/// the result. A deposit expires after 10 s. A call inside an attempt of another retry deposits
/// nothing: the outer retry makes several such calls, and would pay for more retries.
///
/// In addition, [`min_per_sec`](Self::min_per_sec) retries are always allowed, for functions with
/// few calls. The rule is that of Finagle's `RetryBudget`.
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
/// With a ratio of 0.2, ten thousand calls to a dependency that is down become at most twelve
/// thousand, plus 10 per second.
pub struct RetryBudget {
    name: &'static str,
    options: Reloadable<RetryBudgetOptions>,
    /// Entries: the second in the upper half, the number of first calls in the lower half.
    deposits: [AtomicU64; ENTRIES],
    balance: AtomicU64,
    reserve: AtomicU64,
    /// Retries that were not paid for, for the log.
    #[cfg(feature = "tracing")]
    refusals: Repeats,
}

impl RetryBudget {
    /// Creates a budget with the defaults: 0.2 retries per call, plus 10 retries per second.
    ///
    /// # Panics
    ///
    /// Panics if the name is empty.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        assert!(
            !name.is_empty(),
            "a retry budget's name must not be empty: the registry lists it by its name"
        );
        Self {
            name,
            options: Reloadable::new(RetryBudgetOptions::NONE),
            deposits: [const { AtomicU64::new(0) }; ENTRIES],
            balance: AtomicU64::new(0),
            reserve: AtomicU64::new(0),
            #[cfg(feature = "tracing")]
            refusals: Repeats::new(),
        }
    }

    /// Sets the number of retries that each first call pays for. Default 0.2; from 0.0 to 1000.0.
    ///
    /// # Panics
    ///
    /// Panics if `ratio` is not in this range.
    #[must_use]
    #[track_caller]
    pub const fn ratio(mut self, ratio: f64) -> Self {
        self.options.declared.ratio = Some(ratio);
        if let Some(refusal) = self.options.declared.first_refusal() {
            panic!("{}", refusal.message)
        }
        self
    }

    /// Sets the number of retries per second that are always allowed. Default 10. After a second
    /// without retries, this number of retries is allowed at once.
    #[must_use]
    pub const fn min_per_sec(mut self, retries: u32) -> Self {
        self.options.declared.min_per_sec = Some(retries);
        self
    }

    /// Returns the name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the number of retries that the deposits pay for now, without the reserve of
    /// [`min_per_sec`](Self::min_per_sec).
    #[must_use]
    pub fn available(&self) -> u64 {
        self.balance.load(Acquire).min(self.deposited(Nanos::now())) / TOKEN
    }

    /// Forgets all deposits, and fills the reserve of [`min_per_sec`](Self::min_per_sec). Deposits
    /// that calls make at the same time may be lost.
    ///
    /// ```
    /// use resilience::RetryBudget;
    ///
    /// static BUDGET: RetryBudget = RetryBudget::new("payment");
    ///
    /// BUDGET.reset();
    /// assert_eq!(BUDGET.available(), 0, "no call has paid");
    /// ```
    pub fn reset(&self) {
        self.balance.store(0, Release);
        self.deposits.iter().for_each(|entry| entry.store(0, Release));
        self.reserve.store(0, Release);
    }

    /// Records a first call, and adds its deposit.
    pub(crate) fn deposit(&self, now: Nanos) {
        let second = now.get() / SECOND;
        // An entry holds the lower half of its second, which is unique for 136 years.
        let add_call = |entry: u64| {
            let calls = if entry >> 32 == second & MASK { entry & MASK } else { 0 };
            Some((second & MASK) << 32 | (calls + 1).min(MASK))
        };
        let _ = self.entry(second).fetch_update(AcqRel, Relaxed, add_call);
        let deposit = self.options.with(deposit);
        let add_deposit = |balance: u64| Some(balance.saturating_add(deposit));
        let _ = self.balance.fetch_update(AcqRel, Relaxed, add_deposit);
    }

    /// Pays for a retry. Returns `false` if the budget does not allow it.
    pub(crate) fn withdraw(&self, now: Nanos) -> bool {
        let pays = self.take_from_reserve(now) || self.take_from_balance(now);
        #[cfg(feature = "tracing")]
        if !pays && let Some(unlogged) = self.refusals.log_now(now) {
            let name = self.name;
            contain(|| {
                warn!(
                    target: "resilience",
                    retry_budget = name, unlogged,
                    "retry budget is empty, failed attempts are not retried"
                );
            });
        }
        pays
    }

    /// Takes a retry from the reserve, which refills evenly up to the retries of one second.
    fn take_from_reserve(&self, now: Nanos) -> bool {
        let Some(interval) =
            SECOND.checked_div(self.options.with(|options| options.min_per_sec().into()))
        else {
            return false;
        };
        let full_at = now.get().saturating_add(SECOND);
        let take = |used_up: u64| {
            // Either the reserve is full, or a part of it is used up.
            let is_full = Nanos::at(used_up).has_come(now, RESERVE_SPAN);
            let next = if is_full { now.get() } else { used_up }.saturating_add(interval);
            (next <= full_at).then_some(next)
        };
        self.reserve.fetch_update(AcqRel, Acquire, take).is_ok()
    }

    fn take_from_balance(&self, now: Nanos) -> bool {
        // The entries are read after the balance, so they contain every deposit of the balance.
        let take = |balance: u64| balance.min(self.deposited(now)).checked_sub(TOKEN);
        self.balance.fetch_update(AcqRel, Acquire, take).is_ok()
    }

    /// Returns the sum of the deposits in the window.
    fn deposited(&self, now: Nanos) -> u64 {
        let second = now.get() / SECOND;
        let calls = |ago: u64| {
            let second = second.saturating_sub(ago);
            let entry = self.entry(second).load(Acquire);
            if entry >> 32 == second & MASK { entry & MASK } else { 0 }
        };
        (0..WINDOW).map(calls).sum::<u64>().saturating_mul(self.options.with(deposit))
    }

    /// Returns the options in the code, and the options that override them.
    pub(crate) const fn options(&self) -> &Reloadable<RetryBudgetOptions> {
        &self.options
    }

    /// Overrides the options; `None` restores the options of the code. Returns no waker, because no
    /// call waits for a budget.
    #[cfg(feature = "toml")]
    pub(crate) fn configure(&self, options: Option<RetryBudgetOptions>) -> Vec<Waker> {
        self.options.replace(options);
        Vec::new()
    }

    fn entry(&self, second: u64) -> &AtomicU64 {
        &self.deposits[(second % WINDOW) as usize]
    }
}

/// Returns the deposit of a first call, in parts of a [`TOKEN`].
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "the ratio is in range"
)]
fn deposit(options: &RetryBudgetOptions) -> u64 {
    (options.ratio() * TOKEN as f64) as u64
}
