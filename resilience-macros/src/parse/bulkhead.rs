//! `#[bulkhead(POOL)]`, `#[bulkhead(max_concurrent = 5)]`

use super::reader::Reader;
use super::subject;
use crate::diagnostics::Reported;
use crate::model::{Bulkhead, RuntimeType};

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Bulkhead, Reported> {
    let subject = subject::read(reader, RuntimeType::Bulkhead, "PAYMENT_POOL")?;
    Ok(Bulkhead { subject })
}
