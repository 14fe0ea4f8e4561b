//! `#[resilient(PAYMENT)]`, `#[resilient(PAYMENT, fallback = queue_for_later)]`

use syn::{Expr, Path};

use super::reader::{Reader, path_of};
use super::{Fallback, LayerKind, Plan, Policy, Retry, Subject, Timeout};
use crate::report;

/// The layers of the policy, in its order.
pub(super) fn read(reader: &mut Reader<'_>) -> Vec<LayerKind> {
    let (when, when_ok) = (reader.predicate("when"), reader.predicate("when_ok"));
    let fallback = Fallback::beside(reader);
    let (policy, clone) = positional(reader);
    let Some(policy) = policy else { return Vec::new() };
    let breaker = Policy {
        subject: Subject::Of(policy.clone()),
        when: when.clone(),
        when_ok: when_ok.clone(),
        max_wait: None,
    };
    let bulkhead =
        Policy { subject: Subject::Of(policy.clone()), when: None, when_ok: None, max_wait: None };
    let retry = Retry { plan: Plan::Of(policy.clone()), when, when_ok, clone };
    fallback
        .map(LayerKind::Fallback)
        .into_iter()
        .chain([
            LayerKind::Bulkhead(bulkhead),
            LayerKind::CircuitBreaker(breaker),
            LayerKind::Retry(Box::new(retry)),
            LayerKind::Timeout(Timeout::of(policy)),
        ])
        .collect()
}

/// The policy's name, and the parameters to clone.
fn positional(reader: &mut Reader<'_>) -> (Option<Path>, Vec<syn::Ident>) {
    let (mut policy, mut clone) = (None, Vec::new());
    let mut wrong = false;
    for written in reader.positional() {
        match (&written, path_of(&written)) {
            (_, Some(path)) if policy.is_none() => policy = Some(path.clone()),
            (Expr::Call(call), _)
                if path_of(&call.func).is_some_and(|path| path.is_ident("clone")) =>
            {
                clone.extend(reader.names(call));
            }
            (_, Some(path)) => {
                wrong = true;
                reader.error(
                    &written,
                    format!(
                        "`#[resilient]` takes one policy; where this is a fallback, write `fallback = {}`",
                        report::written(path)
                    ),
                );
            }
            _ => {
                wrong = true;
                reader.error(
                    &written,
                    "expected the name of one `static Policy`, as in `#[resilient(PAYMENT)]`, and beside it `argument = value`",
                );
            }
        }
    }
    if policy.is_none() && !wrong && reader.is_complete() {
        let span = reader.span();
        reader.at(span, "which policy? Name a `static Policy`, as in `#[resilient(PAYMENT)]`");
    }
    (policy.filter(|_| !wrong), clone)
}
