//! A share of the keys that may be open, where nothing is ever open.
use resilience::{Bulkhead, Keyed};

static TENANTS: Keyed<Bulkhead> = Keyed::new(Bulkhead::new("tenant")).max_open(0.5);

fn main() {}
