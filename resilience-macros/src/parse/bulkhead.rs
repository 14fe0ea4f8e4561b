//! `#[bulkhead(POOL)]`, `#[bulkhead(max_concurrent = 5)]`

use super::reader::Reader;
use super::subject;
use crate::diagnostics::Reported;
use crate::model::{BuilderCalls, Bulkhead, RuntimeType, WrittenDuration};

const TYPE: RuntimeType = RuntimeType::Bulkhead;

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Bulkhead, Reported> {
    let expression = subject::positional(reader, TYPE, "PAYMENT_POOL");
    let max_concurrent = reader.count("max_concurrent", "with 0 no call could ever get in");
    let max_wait = reader.duration_or_zero("max_wait");
    let mut own = BuilderCalls::default();
    own.push("max_concurrent", max_concurrent);
    own.push("max_wait", max_wait.as_ref().map(WrittenDuration::expression));
    own.push("max_queue", reader.number("max_queue"));
    let subject = subject::subject(reader, TYPE, expression?, own)?;
    Ok(Bulkhead { subject, max_wait })
}
