//! `#[timeout]`, `#[timeout(800ms)]`

use syn::parse_quote;

use super::reader::Reader;
use super::value::Duration;

pub(crate) struct Timeout {
    pub(crate) limit: Duration,
}

impl Timeout {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut positional = reader.positional().into_iter();
        let written = positional.next().unwrap_or_else(|| parse_quote!(5s));
        if let Some(extra) = positional.next() {
            reader.error(
                extra,
                "`#[timeout]` takes one duration: for a second limit write a second `#[timeout]`",
            );
        }
        match Duration::parse(written) {
            Ok(limit) if limit.literal().is_some_and(|limit| limit.is_zero()) => {
                reader
                    .error(&limit, "the limit must be longer than zero: within no time nothing can be done");
                None
            }
            Ok(limit) => Some(Self { limit }),
            Err(error) => {
                reader.push(error);
                None
            }
        }
    }
}
