//! A `static` with an invalid limit is refused by the compiler.
use resilience::CircuitBreaker;

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment").failure_threshold(0);

fn main() {}
