//! `#[rate_limiter]`

use resilience_options::RateLimiterOptions;
use syn::Expr;

use super::subject::Subject;

pub(crate) struct RateLimiter {
    pub(crate) subject: Subject<RateLimiterOptions>,
    /// The cost of a call. Not written: 1.
    pub(crate) cost: Option<Expr>,
}
