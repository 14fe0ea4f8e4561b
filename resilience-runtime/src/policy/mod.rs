//! The policies, each in a folder, and the policy that combines them.

pub(crate) mod bulkhead;
pub(crate) mod circuit_breaker;
pub(crate) mod combined;
pub(crate) mod configurable;
pub(crate) mod fallback;
pub(crate) mod keyed;
pub(crate) mod rate_limiter;
pub(crate) mod retry;
pub(crate) mod retry_budget;
pub(crate) mod timeout;
