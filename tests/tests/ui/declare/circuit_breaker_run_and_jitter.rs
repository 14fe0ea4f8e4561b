//! A run of no failures, and a negative share.
use resilience::CircuitBreaker;

static RUN: CircuitBreaker = CircuitBreaker::new("run").consecutive_failures(0);
static JITTER: CircuitBreaker = CircuitBreaker::new("jitter").open_jitter(-0.1);

fn main() {}
