//! Options that an adaptive timeout can not have.
use resilience::AdaptiveTimeout;
use std::time::Duration;

static NO_NAME: AdaptiveTimeout = AdaptiveTimeout::new("");
static PERCENT: AdaptiveTimeout = AdaptiveTimeout::new("payment").percentile(99.0);
static SHRINKING: AdaptiveTimeout = AdaptiveTimeout::new("payment").multiplier(0.5);
static NO_TIME: AdaptiveTimeout = AdaptiveTimeout::new("payment").min(Duration::ZERO);
static CROSSED: AdaptiveTimeout =
    AdaptiveTimeout::new("payment").max(Duration::from_millis(5)).min(Duration::from_secs(1));
static NO_WINDOW: AdaptiveTimeout = AdaptiveTimeout::new("payment").window(Duration::ZERO);
static NO_CALLS: AdaptiveTimeout = AdaptiveTimeout::new("payment").minimum_calls(0);

fn main() {}
