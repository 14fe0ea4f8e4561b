//! The limit of a timeout.

use std::time::Duration;

use crate::config::diagnostics::Mistakes;
use crate::config::keys::{Value, Written};
use crate::policy::timeout::refusal;

/// Reads it; `None` with a mistake.
pub(in crate::config) fn read_timeout(
    written: &Written<'_>,
    mistakes: &mut Mistakes,
) -> Option<Duration> {
    let limit = Duration::read("timeout", written, mistakes)?;
    if let Some(reason) = refusal(limit) {
        mistakes.at(written.span(), reason);
        return None;
    }
    Some(limit)
}
