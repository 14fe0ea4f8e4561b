//! Application of a configuration text.
//!
//! A text becomes a plan, and the plan is checked as a whole before any limit changes. The new
//! value of a limit depends on the code and on the text, never on an earlier text. So a file
//! replaces the previous file completely.
//!
//! Shared state, who touches it, and in which order: the lock `CONFIGURATION` is held while a plan
//! is applied and recorded, so that all limits in force come from one text, and the record is about
//! that text. The locks of breakers and bulkheads are taken under it, one at a time, each for one
//! replacement; so is the lock of the record. No waker is called, no event is emitted and no user
//! code runs under it. Calls never take it.

use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::task::Waker;

use super::error::ConfigError;
use super::plan::{self, Step};
use super::size::MaxSize;
use crate::event::{Event, emit};
use crate::registry::health::in_force;
use crate::sync::wake;

static CONFIGURATION: Mutex<()> = Mutex::new(());

/// Wakers of the callers that a configuration admits. They are called whatever happens.
#[derive(Default)]
struct Admitted(Vec<Waker>);

impl Drop for Admitted {
    fn drop(&mut self) {
        self.0.drain(..).for_each(wake);
    }
}

/// Applies a text of the program.
pub(super) fn apply(text: &str) -> Result<(), ConfigError> {
    match check(text) {
        Ok(steps) => {
            take(steps, !is_blank(text), None);
            Ok(())
        }
        Err(error) => Err(refuse(error)),
    }
}

/// Applies the text that was read from a file.
///
/// A blank file after one with limits is refused: a full disk leaves such a file.
pub(super) fn apply_from(path: &Path, read: io::Result<String>) -> Result<(), ConfigError> {
    let steps = read.map_err(|error| ConfigError::unreadable(path, error)).and_then(|text| {
        if is_blank(&text) && in_force::has_content() {
            let message = "the file is blank, and the one before it was not: to return to the \
                           limits of the code, write a comment";
            return Err(ConfigError::refused_whole(message.to_owned()));
        }
        check(&text).map(|steps| (steps, !is_blank(&text)))
    });
    match steps {
        Ok((steps, has_content)) => {
            take(steps, has_content, Some(path));
            Ok(())
        }
        Err(error) => Err(refuse(error.in_file(path))),
    }
}

/// Returns the steps of a text without a mistake.
pub(super) fn check(text: &str) -> Result<Vec<Step>, ConfigError> {
    let max = MaxSize::get();
    if text.len() > max.bytes() {
        return Err(ConfigError::refused_whole(max.exceeded()));
    }
    plan::of(text)
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn take(steps: Vec<Step>, has_content: bool, path: Option<&Path>) {
    let file = path.map(|path| path.display().to_string());
    let mut admitted = Admitted::default();
    let configuration = CONFIGURATION.lock().unwrap_or_else(PoisonError::into_inner);
    for step in steps {
        admitted.0.extend(step());
    }
    let version = in_force::taken(file.clone(), has_content);
    drop(configuration);
    drop(admitted);
    emit(|| Event::ConfigurationApplied { version, file: file.clone() });
}

/// Records and emits a refusal.
fn refuse(error: ConfigError) -> ConfigError {
    let text = error.to_string();
    in_force::refused(text.clone());
    emit(|| Event::ConfigurationRefused {
        file: error.path().map(|path| path.display().to_string()),
        error: text.clone(),
    });
    error
}
