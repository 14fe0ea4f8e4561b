//! `#[bulkhead]`

use super::subject::Subject;
use super::value::WrittenDuration;

pub(crate) struct Bulkhead {
    pub(crate) subject: Subject,
    /// The longest wait for the function's own bulkhead, if written.
    pub(crate) max_wait: Option<WrittenDuration>,
}
