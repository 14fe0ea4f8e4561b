//! The options of a retry, and the formulas of its delays.

use std::time::Duration;

use crate::Value;

options! {
    /// Options of a retry.
    pub struct RetryOptions("retry", "retry policy") {
        /// Number of attempts, the first call included.
        max_attempts: u32, at_least(2, "the first call counts, so 1 never retries"),
            "attempts, the first call included", |it| Some(it.max_attempts());
        /// Growth of the delay.
        backoff: BackoffKind, any, "growth of the delay: constant, linear, exponential",
            |it| (it.jitter() != Jitter::Decorrelated).then(|| it.backoff());
        /// Delay after the first attempt, before jitter.
        base_delay: Duration, any, "delay after the first attempt, before jitter",
            |it| (!it.has_custom_backoff()).then(|| it.base_delay());
        /// Longest delay.
        max_delay: Duration,
            longer_than_zero("for retries without a delay, set `base_delay` to zero"),
            "longest delay",
            |it| if it.has_custom_backoff() { it.max_delay } else { Some(it.max_delay()) };
        /// Factor of an exponential backoff.
        factor: f64, factor("a smaller factor would shrink the delays"),
            "factor of an exponential backoff", |it| it.has_factor().then(|| it.factor());
        /// Randomness of the delay.
        jitter: Jitter, any, "randomness of the delay: full, equal, decorrelated, none",
            |it| Some(it.jitter());
        /// Time since the start of the first attempt after which no delay may end.
        max_elapsed: Duration, longer_than_zero("no retry can begin in zero time"),
            "time after which no delay may end", |it| it.max_elapsed;
        /// Longest hint of an error that is obeyed.
        max_retry_after: Duration,
            longer_than_zero("every hint of an error would end the retrying"),
            "longest hint of an error that is obeyed", |it| Some(it.max_retry_after());
        /// Behaviour inside another retry.
        nested: NestedRetry, any, "behaviour inside another retry: collapse, allow",
            |it| Some(it.nested());
    }

    refuse [base_delay, max_delay] if base_delay.as_nanos() > max_delay.as_nanos()
        => "`base_delay` is longer than `max_delay`: every delay would be cut to `max_delay`";
    refuse [backoff, base_delay] comparing [backoff] if is_custom(backoff)
        => "`base_delay` has no effect with a backoff function, which returns the whole delay; \
            remove one of them";
    refuse [backoff, jitter] if is_custom(backoff) && matches!(jitter, Jitter::Decorrelated)
        => "`jitter = decorrelated` has no effect with a backoff function: its delays grow without \
            a backoff; remove one of them";

    no_effect [factor] comparing [backoff] if |it| matches!(it.backoff, Some(BackoffKind::Constant))
        => "`factor` has no effect with a constant backoff; remove one of them";
    no_effect [factor] comparing [backoff] if |it| matches!(it.backoff, Some(BackoffKind::Linear))
        => "`factor` has no effect with a linear backoff; remove one of them";
    no_effect [factor] comparing [backoff] if |it| it.has_custom_backoff()
        => "`factor` has no effect with a backoff function, which returns the whole delay; \
            remove one of them";
    no_effect [factor] comparing [backoff, jitter]
        if |it| it.is_decorrelated_with_formula() && !it.is_constant_or_linear()
        => "`factor` has no effect with `jitter = decorrelated`, whose delays grow without a \
            backoff; remove one of them";
    no_effect [backoff] comparing [jitter]
        if |it| it.is_decorrelated_with_formula() && it.is_constant_or_linear()
        => "`backoff` has no effect with `jitter = decorrelated`, whose delays grow without a \
            backoff; remove one of them";
}

/// Growth of the delay from attempt to attempt.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub enum BackoffKind {
    /// `base_delay` every time.
    Constant,
    /// `base_delay · n` after attempt `n`.
    Linear,
    /// `base_delay · factorⁿ⁻¹` after attempt `n`.
    #[default]
    Exponential,
    /// Delay that this function returns for attempt `n` (the first call is 1). It is cut only if
    /// `max_delay` is declared, and made random only if a jitter is declared.
    Custom(fn(u32) -> Duration),
}

word_values!(BackoffKind {
    Constant = "constant",
    Linear = "linear",
    Exponential = "exponential",
} else Self::Custom(_) => Value::Function);

words! {
    /// Rule that makes a delay `d` random, so that clients that failed together do not retry
    /// together. After Marc Brooker, *Exponential Backoff And Jitter*, AWS Architecture Blog, 2015.
    pub enum Jitter {
        /// Uniform between 0 and `d`: the widest spread, and the default.
        #[default]
        Full = "full",
        /// `d/2`, and uniform between 0 and `d/2` on top.
        Equal = "equal",
        /// `min(max_delay, uniform between base_delay and 3 · the delay before)`. It grows without
        /// a backoff, and excludes one.
        Decorrelated = "decorrelated",
        /// Exactly `d`.
        None = "none",
    }
}

words! {
    /// Behaviour of a `#[retry]` that is entered inside an attempt of another `#[retry]` on its
    /// task.
    pub enum NestedRetry {
        /// Makes one attempt: only the outermost retry retries. Three levels of three attempts make
        /// 3 calls. The default.
        #[default]
        Collapse = "collapse",
        /// Retries as well: three levels of three attempts make 27 calls.
        Allow = "allow",
    }
}

const DEFAULT_ATTEMPTS: u32 = 3;
const DEFAULT_BASE_DELAY: Duration = Duration::from_secs(1);
const DEFAULT_MAX_DELAY: Duration = Duration::from_secs(60);
const DEFAULT_FACTOR: f64 = 2.0;
const DEFAULT_MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

impl RetryOptions {
    /// Number of attempts, the first call included. Default 3.
    #[inline]
    #[must_use]
    pub const fn max_attempts(&self) -> u32 {
        match self.max_attempts {
            Some(attempts) => attempts,
            None => DEFAULT_ATTEMPTS,
        }
    }

    /// Growth of the delay. Default exponential.
    #[inline]
    #[must_use]
    pub const fn backoff(&self) -> BackoffKind {
        match self.backoff {
            Some(backoff) => backoff,
            None => BackoffKind::Exponential,
        }
    }

    /// Delay after the first attempt, before jitter. Default 1 s, or `max_delay` if it is shorter.
    #[inline]
    #[must_use]
    pub const fn base_delay(&self) -> Duration {
        match (self.base_delay, self.max_delay) {
            (Some(delay), _) => delay,
            (None, Some(max)) if max.as_nanos() < DEFAULT_BASE_DELAY.as_nanos() => max,
            (None, _) => DEFAULT_BASE_DELAY,
        }
    }

    /// Longest delay. Default 60 s, or `base_delay` if that is longer.
    #[inline]
    #[must_use]
    pub const fn max_delay(&self) -> Duration {
        match (self.max_delay, self.base_delay) {
            (Some(delay), _) => delay,
            (None, Some(base)) if base.as_nanos() > DEFAULT_MAX_DELAY.as_nanos() => base,
            (None, _) => DEFAULT_MAX_DELAY,
        }
    }

    /// Factor of an exponential backoff. Default 2.0.
    #[inline]
    #[must_use]
    pub const fn factor(&self) -> f64 {
        match self.factor {
            Some(factor) => factor,
            None => DEFAULT_FACTOR,
        }
    }

    /// Randomness of the delay. Default full; for a backoff function none.
    #[inline]
    #[must_use]
    pub const fn jitter(&self) -> Jitter {
        match (self.jitter, self.backoff) {
            (Some(jitter), _) => jitter,
            (None, Some(BackoffKind::Custom(_))) => Jitter::None,
            (None, _) => Jitter::Full,
        }
    }

    /// Longest hint of an error that is obeyed. Default 60 s.
    #[inline]
    #[must_use]
    pub const fn max_retry_after(&self) -> Duration {
        match self.max_retry_after {
            Some(longest) => longest,
            None => DEFAULT_MAX_RETRY_AFTER,
        }
    }

    /// Behaviour inside another retry. Default collapse.
    #[inline]
    #[must_use]
    pub const fn nested(&self) -> NestedRetry {
        match self.nested {
            Some(nested) => nested,
            None => NestedRetry::Collapse,
        }
    }

    /// Returns `true` if a function returns the delays.
    #[inline]
    #[must_use]
    pub const fn has_custom_backoff(&self) -> bool {
        matches!(self.backoff, Some(BackoffKind::Custom(_)))
    }

    fn has_factor(&self) -> bool {
        matches!(self.backoff(), BackoffKind::Exponential) && self.jitter() != Jitter::Decorrelated
    }

    const fn is_constant_or_linear(&self) -> bool {
        matches!(self.backoff, Some(BackoffKind::Constant | BackoffKind::Linear))
    }

    const fn is_decorrelated_with_formula(&self) -> bool {
        matches!(self.jitter, Some(Jitter::Decorrelated))
            && !matches!(self.backoff, Some(BackoffKind::Custom(_)))
    }

    /// Returns the delay after attempt `attempt` (the first call is 1) by the formula of the
    /// backoff, before jitter. A backoff function has no formula: the result is then `base_delay`.
    #[must_use]
    pub fn grown_delay(&self, attempt: u32) -> Duration {
        let max = self.max_delay();
        let base = self.base_delay().min(max);
        let grown = match self.backoff() {
            BackoffKind::Constant | BackoffKind::Custom(_) => base,
            BackoffKind::Linear => base.saturating_mul(attempt),
            // Zero times an infinite factor would be NaN.
            BackoffKind::Exponential if base.is_zero() => base,
            BackoffKind::Exponential => {
                let factor = self.factor().powf(f64::from(attempt.saturating_sub(1)));
                // A delay that does not fit in a `Duration` is longer than `max` too.
                Duration::try_from_secs_f64(base.as_secs_f64() * factor).unwrap_or(max)
            }
        };
        grown.min(max)
    }

    /// Returns the shortest delay after attempt `attempt` that the jitter can give. Zero for a
    /// backoff function.
    #[must_use]
    pub fn least_delay(&self, attempt: u32) -> Duration {
        if self.has_custom_backoff() {
            return Duration::ZERO;
        }
        match self.jitter() {
            Jitter::None => self.grown_delay(attempt),
            Jitter::Full => Duration::ZERO,
            Jitter::Equal => self.grown_delay(attempt) / 2,
            Jitter::Decorrelated => self.base_delay().min(self.max_delay()),
        }
    }
}

const fn is_custom(backoff: BackoffKind) -> bool {
    matches!(backoff, BackoffKind::Custom(_))
}
