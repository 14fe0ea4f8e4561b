//! `#[resilient(PAYMENT)]`, `#[resilient(self.policy, fallback = queue_for_later)]`

use syn::{Expr, Ident};

use super::fallback;
use super::reader::Reader;
use super::subject::{is_new, may_be_policy};
use crate::diagnostics::Reported;
use crate::model::{
    Bulkhead, CircuitBreaker, LayerKind, RateLimiter, Retry, RetryPlan, RuntimeType, Subject,
    Timeout,
};
use crate::syntax::path_of;
use crate::wording::source_text;

/// Returns the policy, and its layers in their fixed order.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<(Expr, Vec<LayerKind>), Reported> {
    let (when, when_ok) = (reader.predicate("when"), reader.predicate("when_ok"));
    let fallback = fallback::beside_policy(reader);
    let (policy, cloned) = positional(reader)?;
    let bulkhead = Bulkhead { subject: Subject::OfPolicy };
    let circuit_breaker =
        CircuitBreaker { subject: Subject::OfPolicy, when: when.clone(), when_ok: when_ok.clone() };
    let retry = Retry { plan: RetryPlan::OfPolicy, when, when_ok, cloned };
    let rate_limiter = RateLimiter { subject: Subject::OfPolicy, cost: None };
    let layers = fallback.map(LayerKind::Fallback).into_iter().chain([
        LayerKind::Bulkhead(bulkhead),
        LayerKind::CircuitBreaker(Box::new(circuit_breaker)),
        LayerKind::Retry(Box::new(retry)),
        LayerKind::RateLimiter(rate_limiter),
        LayerKind::Timeout(Timeout::of_policy()),
    ]);
    Ok((policy, layers.collect()))
}

/// Reads the policy, and the parameters in `clone(…)`.
fn positional(reader: &mut Reader<'_>) -> Result<(Expr, Vec<Ident>), Reported> {
    let (mut policy, mut cloned, mut refused) = (None, Vec::new(), None);
    for written in reader.positional() {
        match (&written, path_of(&written)) {
            (Expr::Call(call), _)
                if path_of(&call.func).is_some_and(|path| path.is_ident("clone")) =>
            {
                cloned.extend(reader.names(call));
            }
            (_, Some(path)) if policy.is_some() => {
                let message = format!(
                    "`#[resilient]` takes one policy: for a fallback write `fallback = {}`",
                    source_text(path)
                );
                refused = Some(reader.error(&written, message));
            }
            _ if is_new(&written, RuntimeType::Policy) => {
                refused = Some(reader.error(
                    &written,
                    "this creates a new `Policy` for every call, so its circuit breaker would \
                     never see more than one result: declare `static PAYMENT: Policy = …;` and \
                     write `#[resilient(PAYMENT)]`",
                ));
            }
            _ if policy.is_none() && may_be_policy(&written) => policy = Some(written),
            _ => {
                refused = Some(reader.error(
                    &written,
                    "expected a `Policy` or `argument = value`: the name of a `static`, as in \
                     `#[resilient(PAYMENT, fallback = later)]`, or an expression such as \
                     `self.policy`",
                ));
            }
        }
    }
    match (policy, refused) {
        (_, Some(reported)) => Err(reported),
        (Some(policy), None) => Ok((policy, cloned)),
        (None, None) => {
            reader.complete()?;
            reader.refuse_unknown()?;
            let message = "expected the name of a `static Policy`: write `#[resilient(PAYMENT)]`";
            Err(reader.at(reader.span(), message))
        }
    }
}
