//! The options of a retry, and the delays that follow from them.

use std::time::Duration;

use crate::Value;

options! {
    /// Options of a retry.
    pub struct RetryOptions("retry", "retry policy") {
        /// Number of attempts, the first call included.
        max_attempts: u32, at_least(2, "the first call counts, so 1 never retries"),
            "the first call included", |it| Some(it.max_attempts());
        /// Growth of the delay.
        backoff: BackoffKind, any, "how the delay grows: constant, linear, exponential",
            |it| (it.jitter() != Jitter::Decorrelated).then(|| it.backoff());
        /// Delay after the first attempt, before jitter.
        base_delay: Duration, any, "after the first attempt, before jitter",
            |it| (!it.has_custom_backoff()).then(|| it.base_delay());
        /// Longest delay.
        max_delay: Duration, any, "no delay is longer",
            |it| if it.has_custom_backoff() { it.max_delay } else { Some(it.max_delay()) };
        /// Factor of an exponential backoff.
        factor: f64, factor("with less the delays would shrink"), "of exponential backoff",
            |it| it.has_factor().then(|| it.factor());
        /// Randomness of the delay.
        jitter: Jitter, any, "how the delay is made random: full, equal, decorrelated, none",
            |it| Some(it.jitter());
        /// Time after which no delay may end.
        max_elapsed: Duration, longer_than_zero("in no time nothing is retried"),
            "no delay is begun that would end later", |it| it.max_elapsed;
        /// Behaviour inside another retry.
        nested: NestedRetry, any, "inside another retry: collapse, allow",
            |it| Some(it.nested());
    }

    refuse [base_delay, max_delay] if base_delay.as_nanos() > max_delay.as_nanos()
        => "`base_delay` is longer than `max_delay`: every delay would be cut to `max_delay`";
    refuse [backoff, base_delay] comparing [backoff] if is_custom(backoff)
        => "`base_delay` has no effect beside a backoff function, which gives the whole delay; \
            remove one of them";
    refuse [backoff, jitter] if is_custom(backoff) && matches!(jitter, Jitter::Decorrelated)
        => "`jitter = decorrelated` has no effect beside a backoff function: it grows by itself; \
            remove one of them";

    no_effect [factor] if |it| matches!(it.backoff, Some(BackoffKind::Constant))
        => "`factor` is for exponential backoff: a constant backoff has none";
    no_effect [factor] if |it| matches!(it.backoff, Some(BackoffKind::Linear))
        => "`factor` is for exponential backoff: a linear backoff has none";
    no_effect [factor] if |it| it.has_custom_backoff()
        => "`factor` has no effect beside a backoff function, which gives the whole delay; \
            remove one of them";
    no_effect [factor] if |it| it.is_decorrelated_beside_formula()
        => "`factor` has no effect beside `jitter = decorrelated`, which grows by itself; \
            remove one of them";
    no_effect [backoff] if |it| it.is_decorrelated_beside_formula()
        && matches!(it.backoff, Some(BackoffKind::Constant | BackoffKind::Linear))
        => "`backoff` has no effect beside `jitter = decorrelated`, which grows by itself; \
            remove one of them";
}

/// How the delay grows from attempt to attempt.
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
    /// The delay that this function gives for attempt `n` (the first call is 1). It is neither
    /// cut nor made random, unless `max_delay` or a jitter says so.
    Custom(fn(u32) -> Duration),
}

word_values!(BackoffKind {
    Constant = "constant",
    Linear = "linear",
    Exponential = "exponential",
} else Self::Custom(_) => Value::Function);

words! {
    /// How a delay `d` is made random, so that clients that failed together don't come back
    /// together. After Marc Brooker, *Exponential Backoff And Jitter*, AWS Architecture Blog, 2015.
    pub enum Jitter {
        /// Uniform between 0 and `d`: the best spread, and the default.
        #[default]
        Full = "full",
        /// `d/2`, and uniform between 0 and `d/2` on top.
        Equal = "equal",
        /// `min(max_delay, uniform between base_delay and 3 · the delay before)`: grows by itself,
        /// whatever the backoff.
        Decorrelated = "decorrelated",
        /// Exactly `d`.
        None = "none",
    }
}

words! {
    /// Behaviour of a `#[retry]` that is entered inside an attempt of another one on its task.
    pub enum NestedRetry {
        /// One attempt: the outermost retry owns the retrying. Three levels of three attempts make
        /// 3 calls.
        #[default]
        Collapse = "collapse",
        /// Retries all the same: three levels of three attempts make 27 calls.
        Allow = "allow",
    }
}

const DEFAULT_ATTEMPTS: u32 = 3;
const DEFAULT_BASE_DELAY: Duration = Duration::from_secs(1);
const DEFAULT_MAX_DELAY: Duration = Duration::from_secs(60);
const DEFAULT_FACTOR: f64 = 2.0;

impl RetryOptions {
    /// Number of attempts, the first call included.
    #[inline]
    #[must_use]
    pub const fn max_attempts(&self) -> u32 {
        match self.max_attempts {
            Some(attempts) => attempts,
            None => DEFAULT_ATTEMPTS,
        }
    }

    /// Growth of the delay.
    #[inline]
    #[must_use]
    pub const fn backoff(&self) -> BackoffKind {
        match self.backoff {
            Some(backoff) => backoff,
            None => BackoffKind::Exponential,
        }
    }

    /// Delay after the first attempt, before jitter. A `max_delay` below the default lowers it.
    #[inline]
    #[must_use]
    pub const fn base_delay(&self) -> Duration {
        match (self.base_delay, self.max_delay) {
            (Some(delay), _) => delay,
            (None, Some(max)) if max.as_nanos() < DEFAULT_BASE_DELAY.as_nanos() => max,
            (None, _) => DEFAULT_BASE_DELAY,
        }
    }

    /// Longest delay. A `base_delay` beyond the default raises it.
    #[inline]
    #[must_use]
    pub const fn max_delay(&self) -> Duration {
        match (self.max_delay, self.base_delay) {
            (Some(delay), _) => delay,
            (None, Some(base)) if base.as_nanos() > DEFAULT_MAX_DELAY.as_nanos() => base,
            (None, _) => DEFAULT_MAX_DELAY,
        }
    }

    /// Factor of an exponential backoff.
    #[inline]
    #[must_use]
    pub const fn factor(&self) -> f64 {
        match self.factor {
            Some(factor) => factor,
            None => DEFAULT_FACTOR,
        }
    }

    /// Randomness of the delay: none for a backoff function, unless it was asked for.
    #[inline]
    #[must_use]
    pub const fn jitter(&self) -> Jitter {
        match (self.jitter, self.backoff) {
            (Some(jitter), _) => jitter,
            (None, Some(BackoffKind::Custom(_))) => Jitter::None,
            (None, _) => Jitter::Full,
        }
    }

    /// Behaviour inside another retry.
    #[inline]
    #[must_use]
    pub const fn nested(&self) -> NestedRetry {
        match self.nested {
            Some(nested) => nested,
            None => NestedRetry::Collapse,
        }
    }

    /// Returns `true` if a function gives the delays.
    #[inline]
    #[must_use]
    pub const fn has_custom_backoff(&self) -> bool {
        matches!(self.backoff, Some(BackoffKind::Custom(_)))
    }

    fn has_factor(&self) -> bool {
        matches!(self.backoff(), BackoffKind::Exponential) && self.jitter() != Jitter::Decorrelated
    }

    fn is_decorrelated_beside_formula(&self) -> bool {
        self.jitter == Some(Jitter::Decorrelated)
            && !matches!(self.backoff, Some(BackoffKind::Custom(_)))
    }

    /// Delay after attempt `attempt` (the first call is 1), before jitter, by the formula of the
    /// backoff. For a backoff function there is no formula, and the result is `base_delay`.
    #[must_use]
    pub fn grown_delay(&self, attempt: u32) -> Duration {
        let max = self.max_delay();
        let base = self.base_delay().min(max);
        let grown = match self.backoff() {
            BackoffKind::Constant | BackoffKind::Custom(_) => base,
            BackoffKind::Linear => base.saturating_mul(attempt),
            // Zero times a factor beyond all numbers would be no number.
            BackoffKind::Exponential if base.is_zero() => base,
            BackoffKind::Exponential => {
                let factor = self.factor().powf(f64::from(attempt.saturating_sub(1)));
                // A delay that no duration can hold is longer than `max` too.
                Duration::try_from_secs_f64(base.as_secs_f64() * factor).unwrap_or(max)
            }
        };
        grown.min(max)
    }

    /// Shortest delay after attempt `attempt` that jitter can leave. Zero for a backoff function.
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
