//! A text, carried out.
//!
//! A text is turned into a plan, which is checked as a whole; only then is anything replaced. What
//! a limit becomes depends on the code and on the text alone, never on what the text before has
//! said: so a file replaces the file before.
//!
//! Shared state, who touches it, and in which order: `CONFIGURATION`, held while a plan is carried
//! out, so that the limits in force are all of one text. The locks of breakers and bulkheads are
//! taken under it, one at a time, each for one replacement. No waker is called and no user code
//! runs under it. Calls never take it.

use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::task::Waker;

use super::error::ConfigError;
use super::plan;

static CONFIGURATION: Mutex<()> = Mutex::new(());

pub(super) fn apply(text: &str) -> Result<(), ConfigError> {
    let plan = plan::of(text)?;
    let configuration = CONFIGURATION.lock().unwrap_or_else(PoisonError::into_inner);
    let let_in: Vec<Waker> = plan.into_iter().flat_map(|step| step()).collect();
    drop(configuration);
    let_in.into_iter().for_each(Waker::wake);
    Ok(())
}

/// What was read of a file, carried out.
pub(super) fn apply_from(path: &Path, read: io::Result<String>) -> Result<(), ConfigError> {
    let text = read.map_err(|error| ConfigError::unreadable(path, error))?;
    apply(&text).map_err(|error| error.in_file(path))
}
