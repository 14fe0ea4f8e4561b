//! rustc warns about arguments as in the function without the attribute: an argument that only an
//! attribute uses is not unused.
#![deny(unused_variables, unused_mut)]
use std::time::{Duration, Instant};

use resilience::{Error, timeout};

type Answer = Result<usize, Error>;

#[timeout(5s)]
async fn unused(order: String, items: Vec<String>, mut total: Vec<usize>) -> Answer {
    Ok(order.len() + total.len())
}

#[timeout(5s)]
async fn in_patterns((order, items): (String, Vec<String>), _: String) -> Answer {
    Ok(order.len())
}

#[timeout(end - Instant::now() - grace.unwrap_or_default())]
async fn used_by_the_attribute(
    order: String,
    end: Instant,
    mut grace: Option<Duration>,
) -> Answer {
    Ok(order.len())
}

fn main() {}
