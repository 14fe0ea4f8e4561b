//! Limits that a `static` breaker can not have.
use resilience::{Bulkhead, CircuitBreaker, Keyed};
use std::time::Duration;

static NO_NAME: CircuitBreaker = CircuitBreaker::new("");
static PERCENT: CircuitBreaker = CircuitBreaker::new("payment").failure_rate(50.0);
static NO_CALLS: CircuitBreaker = CircuitBreaker::new("payment").minimum_calls(0);
static NO_TIME: CircuitBreaker = CircuitBreaker::new("payment").window(Duration::ZERO);
static NO_WINDOW: CircuitBreaker = CircuitBreaker::new("payment").window_calls(0);
static ALL_SLOW: CircuitBreaker = CircuitBreaker::new("payment").slow_call(Duration::ZERO);
static NONE_SLOW: CircuitBreaker = CircuitBreaker::new("payment").slow_call_rate(0.0);
static NEVER_OPEN: CircuitBreaker = CircuitBreaker::new("payment").open_for(Duration::ZERO);
static SHRINKING: CircuitBreaker =
    CircuitBreaker::new("payment").open_backoff(0.5, Duration::from_secs(60));
static NO_SPELL: CircuitBreaker = CircuitBreaker::new("payment").open_backoff(2.0, Duration::ZERO);
static NO_PROBES: CircuitBreaker = CircuitBreaker::new("payment").half_open_probes(0);
static NO_SUCCESS: CircuitBreaker = CircuitBreaker::new("payment").success_threshold(0);
static HUNG: CircuitBreaker = CircuitBreaker::new("payment").probe_timeout(Duration::ZERO);
static NO_KEYS: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("host")).capacity(0);
static NO_NAME_EITHER: Bulkhead = Bulkhead::new("");

fn main() {}
