//! `#[circuit_breaker]`

use syn::Expr;

use super::subject::Subject;

pub(crate) struct CircuitBreaker {
    pub(crate) subject: Subject,
    pub(crate) when: Option<Expr>,
    pub(crate) when_ok: Option<Expr>,
}
