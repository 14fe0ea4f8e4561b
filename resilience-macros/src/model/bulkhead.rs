//! `#[bulkhead]`

use resilience_options::BulkheadOptions;

use super::subject::Subject;

pub(crate) struct Bulkhead {
    pub(crate) subject: Subject<BulkheadOptions>,
}
