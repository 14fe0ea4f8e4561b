//! An option without an effect in a declaration whose options are complete.

use resilience::{BackoffKind, CircuitBreaker, Jitter, Policy, RetryPolicy};

static FACTOR: RetryPolicy =
    RetryPolicy::new("factor").backoff(BackoffKind::Constant).factor(3.0);

static DECORRELATED: RetryPolicy =
    RetryPolicy::new("decorrelated").backoff(BackoffKind::Linear).jitter(Jitter::Decorrelated);

static OF_POLICY: Policy =
    Policy::new("policy").circuit_breaker(CircuitBreaker::new("policy").minimum_calls(5));

static SLOW: Policy =
    Policy::new("slow").circuit_breaker(CircuitBreaker::new("slow").slow_call_rate(0.5));

// In any order.
static RATE: Policy = Policy::new("rate")
    .circuit_breaker(CircuitBreaker::new("rate").minimum_calls(5).failure_rate(0.5));

fn main() {}
