//! A retry policy: its declaration.

use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
#[cfg(feature = "toml")]
use std::sync::atomic::Ordering::Release;
#[cfg(feature = "toml")]
use std::task::Waker;
use std::time::Duration;

use resilience_options::{BackoffKind, Jitter, NestedRetry, RetryOptions};

use crate::call_stats::CallStats;
use crate::function::Function;
use crate::policy::retry_budget::RetryBudget;
use crate::sync::Reloadable;

/// Rules for further attempts: after which delays, and how many. Declared once as a `static` and
/// named by `#[retry(STANDARD)]`, or written out in the attribute.
///
/// ```
/// use resilience::{Jitter, RetryPolicy, retry};
/// use std::time::Duration;
///
/// static STANDARD: RetryPolicy = RetryPolicy::new("standard")
///     .max_attempts(4)
///     .base_delay(Duration::from_millis(100))
///     .max_delay(Duration::from_secs(2))
///     .jitter(Jitter::Full);
///
/// #[retry(STANDARD)]
/// async fn stock(item: u32) -> Result<u32, std::io::Error> {
///     Ok(item)
/// }
/// ```
///
/// The delay after attempt `n` (the first call is 1) is `d = min(base_delay · factorⁿ⁻¹,
/// max_delay)` for exponential backoff, then made random by the [`Jitter`]. Code that no attribute
/// fits uses [`call`](Self::call).
pub struct RetryPolicy {
    name: &'static str,
    pub(super) options: Reloadable<RetryOptions>,
    /// Options of an inline retry whose values the code computes for each call.
    runtime_keys: &'static [&'static str],
    pub(super) budget: Option<&'static RetryBudget>,
    /// Set if a call must run `prepare` before its first attempt. Written together with the
    /// options; a racing call may still see the old value.
    pub(super) prepares: AtomicBool,
    /// Counts of the calls by [`call`](Self::call). Made by the first of them: the policies of
    /// attributes have none, and stay small.
    calls: OnceLock<Box<Function>>,
}

/// All of these are `const`: in a `static`, a value that can't be right is a compile error that
/// says why.
impl RetryPolicy {
    /// The defaults: 3 attempts, exponential backoff from 1 s by 2 up to 60 s, full jitter.
    ///
    /// # Panics
    ///
    /// If the name is empty.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        assert!(
            !name.is_empty(),
            "a retry policy's name must not be empty: the registry calls it by its name"
        );
        Self::with(name, RetryOptions::NONE)
    }

    /// One attempt, and no other.
    pub(crate) const fn once() -> Self {
        let options = RetryOptions {
            max_attempts: Some(1),
            nested: Some(NestedRetry::Allow),
            ..RetryOptions::NONE
        };
        Self::with("once", options)
    }

    const fn with(name: &'static str, options: RetryOptions) -> Self {
        Self {
            name,
            options: Reloadable::new(options),
            runtime_keys: &[],
            budget: None,
            prepares: AtomicBool::new(false),
            calls: OnceLock::new(),
        }
    }

    /// Returns `true` if it is [`once`](Self::once).
    pub(crate) const fn is_once(&self) -> bool {
        self.options.declared.max_attempts() == 1
    }

    /// Name, as the registry gives it, and the events of [`call`](Self::call).
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Attempts in all, the first call included. Default 3, at least 2.
    ///
    /// # Panics
    ///
    /// If `attempts` is less than 2.
    #[must_use]
    #[track_caller]
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.options.declared.max_attempts = Some(attempts);
        self.checked()
    }

    /// Growth of the delay. Default [`BackoffKind::Exponential`].
    ///
    /// # Panics
    ///
    /// If it is a [backoff of your own](BackoffKind::Custom), and a
    /// [`base_delay`](Self::base_delay) or [`Jitter::Decorrelated`] was declared, which have no
    /// effect beside it.
    #[must_use]
    #[track_caller]
    pub const fn backoff(mut self, backoff: BackoffKind) -> Self {
        self.options.declared.backoff = Some(backoff);
        self.checked()
    }

    /// The delay after the first attempt, before jitter. Default 1 s, or [`max_delay`] if it is
    /// shorter. Zero tries again at once, without a timer.
    ///
    /// [`max_delay`]: Self::max_delay
    ///
    /// # Panics
    ///
    /// If it is longer than a [`max_delay`](Self::max_delay) that was declared, or beside a
    /// [backoff of your own](BackoffKind::Custom).
    #[must_use]
    #[track_caller]
    pub const fn base_delay(mut self, delay: Duration) -> Self {
        self.options.declared.base_delay = Some(delay);
        self.checked()
    }

    /// Longest delay, without the hint of a `RetryAfter`, which is added to it. Default 60 s, or
    /// `base_delay` if that is longer; none for a [backoff of your own](BackoffKind::Custom).
    ///
    /// # Panics
    ///
    /// If it is zero, or shorter than a [`base_delay`](Self::base_delay) that was declared.
    #[must_use]
    #[track_caller]
    pub const fn max_delay(mut self, delay: Duration) -> Self {
        self.options.declared.max_delay = Some(delay);
        self.checked()
    }

    /// Factor of the delay from attempt to attempt, with exponential backoff. Default 2.0, at least
    /// 1.
    ///
    /// # Panics
    ///
    /// If `factor` is less than 1, or no finite number.
    #[must_use]
    #[track_caller]
    pub const fn factor(mut self, factor: f64) -> Self {
        self.options.declared.factor = Some(factor);
        self.checked()
    }

    /// Randomness of the delay. Default [`Jitter::Full`], and [`Jitter::None`] for a
    /// [backoff of your own](BackoffKind::Custom).
    ///
    /// # Panics
    ///
    /// If it is [`Jitter::Decorrelated`] beside a backoff of your own.
    #[must_use]
    #[track_caller]
    pub const fn jitter(mut self, jitter: Jitter) -> Self {
        self.options.declared.jitter = Some(jitter);
        self.checked()
    }

    /// No sleep is started that would end later than this after the first attempt began. Default:
    /// no such limit.
    ///
    /// # Panics
    ///
    /// If `limit` is zero.
    #[must_use]
    #[track_caller]
    pub const fn max_elapsed(mut self, limit: Duration) -> Self {
        self.options.declared.max_elapsed = Some(limit);
        self.checked()
    }

    /// Longest hint of a [`RetryAfter`](crate::Class::RetryAfter) that is obeyed. A longer hint
    /// ends the retrying: the error that has it is the result. Default 60 s.
    ///
    /// # Panics
    ///
    /// If `longest` is zero.
    #[must_use]
    #[track_caller]
    pub const fn max_retry_after(mut self, longest: Duration) -> Self {
        self.options.declared.max_retry_after = Some(longest);
        self.checked()
    }

    /// A budget that pays for the retries, shared with all other policies that name it. Default:
    /// none, and no limit.
    #[must_use]
    pub const fn budget(mut self, budget: &'static RetryBudget) -> Self {
        self.budget = Some(budget);
        self.checked()
    }

    /// Identity and counts of the calls by [`call`](Self::call).
    pub(super) fn calls(&self) -> &Function {
        self.calls.get_or_init(|| Box::new(Function::new(self.name, "", 0)))
    }

    /// Counts of the calls by [`call`](Self::call).
    pub(crate) fn stats_of_calls(&self) -> CallStats {
        self.calls.get().map_or_else(CallStats::default, |calls| calls.stats())
    }

    /// Sets the counts of [`call`](Self::call) to zero, which is all that it remembers. The
    /// functions that name it have counts of their own, and so has its [`RetryBudget`].
    pub fn reset(&self) {
        if let Some(calls) = self.calls.get() {
            calls.reset();
        }
    }

    /// The budget that pays for the retries, if there is one.
    pub(crate) const fn retry_budget(&self) -> Option<&'static RetryBudget> {
        self.budget
    }

    /// Names the options whose values the code computes for each call. For the attributes.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_runtime_keys(mut self, keys: &'static [&'static str]) -> Self {
        self.runtime_keys = keys;
        self
    }

    /// Options of an inline retry whose values the code computes for each call.
    pub(crate) const fn runtime_keys(&self) -> &'static [&'static str] {
        self.runtime_keys
    }

    /// Behaviour inside an attempt of another retry. Default [`NestedRetry::Collapse`].
    #[must_use]
    pub const fn nested(mut self, nested: NestedRetry) -> Self {
        self.options.declared.nested = Some(nested);
        self
    }

    /// Returns the policy, if nothing is wrong with it.
    #[track_caller]
    const fn checked(mut self) -> Self {
        if let Some(refusal) = self.options.declared.first_refusal() {
            panic!("{}", refusal.message)
        }
        // Each needs an option that is declared, so none that follows gives it an effect.
        if let Some(refusal) = self.options.declared.first_without_effect() {
            panic!("{}", refusal.message)
        }
        self.prepares = AtomicBool::new(self.must_prepare(&self.options.declared));
        self
    }

    /// Returns `true` if a call has something to do before its first attempt under these options.
    const fn must_prepare(&self, options: &RetryOptions) -> bool {
        self.budget.is_some() || options.max_elapsed.is_some()
    }

    /// The options in the code, and those that override them.
    pub(crate) const fn options(&self) -> &Reloadable<RetryOptions> {
        &self.options
    }

    /// Overrides the options; `None` restores the options of the code. This admits no caller.
    #[cfg(feature = "toml")]
    pub(crate) fn configure(&self, options: Option<RetryOptions>) -> Vec<Waker> {
        self.options.replace(options);
        self.prepares.store(self.must_prepare(&self.options.get()), Release);
        Vec::new()
    }
}
