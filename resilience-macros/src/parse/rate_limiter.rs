//! `#[rate_limiter(GITHUB)]`, `#[rate_limiter(per_second = 20, cost = items.len() as u32)]`

use syn::Expr;

use super::number::number;
use super::reader::Reader;
use super::subject;
use crate::diagnostics::Reported;
use crate::model::{RateLimiter, RuntimeType};

pub(super) fn read(reader: &mut Reader<'_>) -> Result<RateLimiter, Reported> {
    let cost = cost(reader);
    let subject = subject::read(reader, RuntimeType::RateLimiter, "GITHUB")?;
    Ok(RateLimiter { subject, cost })
}

/// Reads an expression over the parameters.
fn cost(reader: &mut Reader<'_>) -> Option<Expr> {
    let written = reader.value("cost")?;
    match reader.checked(number("cost", &written)).ok()? {
        Some(0) => {
            let message = "`cost` must be at least 1: with 0 no call would be limited";
            reader.error(written, message);
            None
        }
        _ => Some(written),
    }
}
