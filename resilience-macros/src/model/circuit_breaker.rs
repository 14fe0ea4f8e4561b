//! `#[circuit_breaker]`

use resilience_options::CircuitBreakerOptions;
use syn::Expr;

use super::subject::Subject;

pub(crate) struct CircuitBreaker {
    pub(crate) subject: Subject<CircuitBreakerOptions>,
    pub(crate) when: Option<Expr>,
    pub(crate) when_ok: Option<Expr>,
}
