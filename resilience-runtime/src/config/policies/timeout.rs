//! The limit of a timeout.

use std::time::Duration;

use crate::config::diagnostics::Diagnostics;
use crate::config::keys::{Value, Written};
use crate::policy::timeout::refusal;

/// Reads it; `None` with a mistake.
pub(in crate::config) fn read_timeout(
    written: &Written<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Duration> {
    let limit = Duration::read("timeout", written, diagnostics)?;
    if let Some(reason) = refusal(limit) {
        diagnostics.at(written.span(), reason);
        return None;
    }
    Some(limit)
}
