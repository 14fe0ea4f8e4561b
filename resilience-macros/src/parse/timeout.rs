//! `#[timeout]`, `#[timeout(800ms)]`, `#[timeout(LATENCY, cancel = false)]`

use proc_macro2::Span;
use resilience_options::{Options, TimeoutOptions};
use syn::{Expr, ExprLit, Lit, LitInt};

use super::duration::duration;
use super::reader::Reader;
use crate::diagnostics::Reported;
use crate::model::{Limit, Timeout};

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Timeout, Reported> {
    let cancel = reader.boolean("cancel");
    let detached = cancel.filter(|cancel| !cancel.value).map(|cancel| cancel.span);
    let mut positional = reader.positional().into_iter();
    let written = positional.next().unwrap_or_else(|| default_limit(reader.span()));
    if let Some(extra) = positional.next() {
        reader.error(
            extra,
            "`#[timeout]` takes one limit: write a second `#[timeout]` for a second limit",
        );
    }
    let limit = reader.checked(duration(written))?;
    if let Some(known) = limit.known() {
        for refusal in TimeoutOptions::new(known).refusals(&[], &[]) {
            reader.error(&limit, refusal.message);
        }
    }
    Ok(Timeout { limit: Limit::Written(limit), detached })
}

/// The limit of a `#[timeout]` without one.
fn default_limit(span: Span) -> Expr {
    let limit = resilience_options::duration::format(TimeoutOptions::NONE.limit());
    Expr::Lit(ExprLit { attrs: Vec::new(), lit: Lit::Int(LitInt::new(&limit, span)) })
}
