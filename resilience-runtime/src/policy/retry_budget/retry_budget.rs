//! How many retries the calls of some functions may make together.
//!
//! Shared state, who touches it, and in which order; all of it without a lock:
//!
//! - `deposits`: how many first calls each of the last seconds has seen. A first call adds one to
//!   the slot of its second, and takes the slot over if it holds a second long gone.
//! - `balance`: what has been deposited and not been spent. A first call adds to it, after its
//!   slot; a retry takes from it in one step, having cut it to what the slots hold. So what a retry
//!   takes was deposited, is taken once, and is not older than the window.
//! - `reserve`: up to when the reserve is used up. A retry moves it in one step.

use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
#[cfg(feature = "toml")]
use std::task::Waker;

use resilience_options::RetryBudgetOptions;

use crate::sync::AtomicU64;
use crate::sync::Reloadable;
use crate::time::Nanos;

/// For how many seconds a deposit can be spent, as in Finagle.
const WINDOW: u64 = 10;
const SLOTS: usize = 10;
/// One retry.
const TOKEN: u64 = 1_000_000;
const SECOND: u64 = 1_000_000_000;
/// The lower half of a slot.
const MASK: u64 = u32::MAX as u64;

/// A limit on the retries of all functions that name it, so that a dependency that is down is not
/// called three times as often as one that is up.
///
/// A token bucket: each first call deposits [`ratio`](Self::ratio) tokens, each retry takes one,
/// and a retry that finds none is not made: the failure at hand is the result. A call that is
/// inside an attempt of another retry, which does the retrying, deposits nothing: else a retry
/// would pay for more of them. A deposit is gone after 10 s, spent or not. Beside it,
/// [`min_per_sec`](Self::min_per_sec) retries are allowed always, for functions that are seldom
/// called. The rule is Finagle's `RetryBudget`.
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
/// thousand, and 10 a second.
pub struct RetryBudget {
    name: &'static str,
    options: Reloadable<RetryBudgetOptions>,
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
            options: Reloadable::new(RetryBudgetOptions::NONE),
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
        self.options.declared.ratio = Some(ratio);
        if let Some(refusal) = self.options.declared.first_refusal() {
            panic!("{}", refusal.message)
        }
        self
    }

    /// How many retries a second are allowed always. Default 10. After a second without any, that
    /// many may be made at once.
    #[must_use]
    pub const fn min_per_sec(mut self, retries: u32) -> Self {
        self.options.declared.min_per_sec = Some(retries);
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
        self.balance.load(Acquire).min(self.deposited(Nanos::now())) / TOKEN
    }

    /// A first call.
    pub(crate) fn deposit(&self, now: Nanos) {
        let second = now.get() / SECOND;
        let slot = self.slot(second);
        // Seconds are told apart by their lower half: 136 years.
        let one_more = |seen: u64| {
            let calls = if seen >> 32 == second & MASK { seen & MASK } else { 0 };
            Some((second & MASK) << 32 | (calls + 1).min(MASK))
        };
        let _ = slot.fetch_update(AcqRel, Relaxed, one_more);
        let deposit = self.options.with(deposit);
        let paid = |balance: u64| Some(balance.saturating_add(deposit));
        let _ = self.balance.fetch_update(AcqRel, Relaxed, paid);
    }

    /// Whether a retry may be made; if so, it is paid for.
    pub(crate) fn withdraw(&self, now: Nanos) -> bool {
        self.take_of_reserve(now) || self.take_of_balance(now)
    }

    /// The reserve fills evenly, up to what a second is allowed.
    fn take_of_reserve(&self, now: Nanos) -> bool {
        let Some(interval) =
            SECOND.checked_div(self.options.with(|options| options.min_per_sec().into()))
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

    fn take_of_balance(&self, now: Nanos) -> bool {
        // What is in the balance is in the slots: those are read after it.
        let take = |balance: u64| balance.min(self.deposited(now)).checked_sub(TOKEN);
        self.balance.fetch_update(AcqRel, Acquire, take).is_ok()
    }

    /// What the first calls of the last seconds have paid.
    fn deposited(&self, now: Nanos) -> u64 {
        let second = now.get() / SECOND;
        let calls = |ago: u64| {
            let second = second.saturating_sub(ago);
            let seen = self.slot(second).load(Acquire);
            if seen >> 32 == second & MASK { seen & MASK } else { 0 }
        };
        (0..WINDOW).map(calls).sum::<u64>().saturating_mul(self.options.with(deposit))
    }

    /// The options in the code, and those that override them.
    pub(crate) const fn options(&self) -> &Reloadable<RetryBudgetOptions> {
        &self.options
    }

    /// Goes on under other options; `None` brings back those of the code. Nobody gets in by it.
    #[cfg(feature = "toml")]
    pub(crate) fn configure(&self, options: Option<RetryBudgetOptions>) -> Vec<Waker> {
        self.options.replace(options);
        Vec::new()
    }

    fn slot(&self, second: u64) -> &AtomicU64 {
        &self.deposits[(second % WINDOW) as usize]
    }
}

/// Deposit of a first call, in parts of a [`TOKEN`].
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "the ratio is in range"
)]
fn deposit(options: &RetryBudgetOptions) -> u64 {
    (options.ratio() * TOKEN as f64) as u64
}
