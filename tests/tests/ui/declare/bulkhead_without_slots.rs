//! A `static` with an invalid limit is refused by the compiler.
use resilience::Bulkhead;

static POOL: Bulkhead = Bulkhead::new("payment").max_concurrent(0);

fn main() {}
