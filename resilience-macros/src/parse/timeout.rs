//! `#[timeout]`, `#[timeout(800ms)]`, `#[timeout(LATENCY, cancel = false)]`

use syn::parse_quote_spanned;

use super::reader::Reader;
use super::value;
use crate::diagnostics::Reported;
use crate::model::{Limit, Timeout};

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Timeout, Reported> {
    let cancel = reader.boolean("cancel");
    let detached = cancel.filter(|cancel| !cancel.value).map(|cancel| cancel.span);
    let mut positional = reader.positional().into_iter();
    let written = positional.next().unwrap_or_else(|| parse_quote_spanned!(reader.span()=> 5s));
    if let Some(extra) = positional.next() {
        reader.error(
            extra,
            "`#[timeout]` takes one duration: for a second limit write a second `#[timeout]`",
        );
    }
    let limit = reader.checked(value::duration(written))?;
    if limit.known().is_some_and(|limit| limit.is_zero()) {
        return Err(reader.error(
            &limit,
            "the limit must be longer than zero: within no time nothing can be done",
        ));
    }
    Ok(Timeout { limit: Limit::Written(limit), detached })
}
