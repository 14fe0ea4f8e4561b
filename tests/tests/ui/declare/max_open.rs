//! Shares of the keys that can not be open at once.
use resilience::{CircuitBreaker, Keyed};

static NONE: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("host")).max_open(0.0);
static PERCENT: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("host")).max_open(30.0);
static NO_NUMBER: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("host")).max_open(f64::NAN);

fn main() {}
