//! Limits that a `static` retry policy or budget can not have.
use resilience::{BackoffKind, Jitter, RetryBudget, RetryPolicy};
use std::time::Duration;

static NO_NAME: RetryPolicy = RetryPolicy::new("");
static ONCE: RetryPolicy = RetryPolicy::new("standard").max_attempts(1);
static SHRINKING: RetryPolicy = RetryPolicy::new("standard").factor(0.5);
static ENDLESS: RetryPolicy = RetryPolicy::new("standard").factor(f64::INFINITY);
static CROSSED: RetryPolicy = RetryPolicy::new("standard")
    .base_delay(Duration::from_secs(5))
    .max_delay(Duration::from_secs(1));
static NO_TIME: RetryPolicy = RetryPolicy::new("standard").max_elapsed(Duration::ZERO);
static BASE_OF_NOTHING: RetryPolicy = RetryPolicy::new("standard")
    .base_delay(Duration::from_secs(1))
    .backoff(BackoffKind::Custom(|_| Duration::ZERO));
static GROWS_BY_ITSELF: RetryPolicy = RetryPolicy::new("standard")
    .backoff(BackoffKind::Custom(|_| Duration::ZERO))
    .jitter(Jitter::Decorrelated);
static NO_NAME_EITHER: RetryBudget = RetryBudget::new("");
static NEGATIVE: RetryBudget = RetryBudget::new("payment").ratio(-0.1);

fn main() {}
