//! Application of a configuration text.
//!
//! A text becomes a plan, and the plan is checked as a whole before any limit changes. The new
//! value of a limit depends on the code and on the text, never on an earlier text. So a file
//! replaces the previous file completely.
//!
//! Shared state, who touches it, and in which order: the lock `CONFIGURATION` is held while a plan
//! is applied, so that all limits in force come from one text. The locks of breakers and bulkheads
//! are taken under it, one at a time, each for one replacement. No waker is called and no user code
//! runs under it. Calls never take it.

use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::task::Waker;

use super::error::ConfigError;
use super::plan;
use crate::sync::wake;

static CONFIGURATION: Mutex<()> = Mutex::new(());

pub(super) fn apply(text: &str) -> Result<(), ConfigError> {
    let plan = plan::of(text)?;
    let configuration = CONFIGURATION.lock().unwrap_or_else(PoisonError::into_inner);
    let admitted: Vec<Waker> = plan.into_iter().flat_map(|step| step()).collect();
    drop(configuration);
    admitted.into_iter().for_each(wake);
    Ok(())
}

/// Applies the text that was read from a file.
pub(super) fn apply_from(path: &Path, read: io::Result<String>) -> Result<(), ConfigError> {
    let text = read.map_err(|error| ConfigError::unreadable(path, error))?;
    apply(&text).map_err(|error| error.in_file(path))
}
