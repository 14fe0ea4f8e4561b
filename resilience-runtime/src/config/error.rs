//! The refusal of a configuration, and its diagnostics.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::diagnostics::Diagnostics;
use crate::outcome::one_line;

/// Refusal of a whole configuration: nothing has changed.
///
/// Displayed with each of the first 100 mistakes on a line of its own.
/// [`diagnostics`](Self::diagnostics) returns them as data.
///
/// ```standalone_crate
/// let error = resilience::registry().configure("[circut_breaker.payment]").expect_err("a typo");
/// assert_eq!(error.path(), None, "not from a file");
/// assert_eq!(error.diagnostics().len(), 1);
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct ConfigError {
    path: Option<PathBuf>,
    reason: Reason,
}

#[derive(Debug)]
enum Reason {
    Refused { first: Vec<Diagnostic>, omitted: usize },
    Unreadable(io::Error),
}

/// A mistake in a configuration, and its place.
///
/// ```standalone_crate
/// let error = resilience::registry().configure("[circut_breaker.payment]").expect_err("a typo");
/// let mistake = &error.diagnostics()[0];
/// assert_eq!((mistake.line(), mistake.column()), (1, 2));
/// assert_eq!(
///     mistake.message(),
///     "unknown table `circut_breaker`: did you mean `circuit_breaker`?"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    line: usize,
    column: usize,
    message: String,
}

impl ConfigError {
    pub(super) fn refused(text: &str, diagnostics: Diagnostics) -> Self {
        let (first, omitted) = diagnostics.into_sorted();
        let mut places = TextPlaces::new(text);
        let first = first.into_iter().map(|(place, message)| {
            let (line, column) = places.of(place.start);
            Diagnostic { line, column, message: one_line(&message) }
        });
        Self { path: None, reason: Reason::Refused { first: first.collect(), omitted } }
    }

    /// Refusal of a text as a whole.
    pub(super) fn refused_whole(message: String) -> Self {
        let first = vec![Diagnostic { line: 1, column: 1, message }];
        Self { path: None, reason: Reason::Refused { first, omitted: 0 } }
    }

    pub(super) fn unreadable(path: &Path, error: io::Error) -> Self {
        Self { path: Some(path.to_owned()), reason: Reason::Unreadable(error) }
    }

    pub(super) fn in_file(self, path: &Path) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }

    /// Path of the file; `None` if the text did not come from a file.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The first 100 mistakes, in the order of the text. Empty if the file could not be read: in
    /// this case [`source`](Error::source) returns the reason.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match &self.reason {
            Reason::Refused { first, .. } => first,
            Reason::Unreadable(_) => &[],
        }
    }

    /// Number of mistakes beyond those in [`diagnostics`](Self::diagnostics).
    #[must_use]
    pub const fn omitted(&self) -> usize {
        match &self.reason {
            Reason::Refused { omitted, .. } => *omitted,
            Reason::Unreadable(_) => 0,
        }
    }
}

/// Lines and columns of places that are asked for in the order of the text.
struct TextPlaces<'t> {
    text: &'t str,
    /// Start of the last line that was found, and its number.
    start: usize,
    line: usize,
}

impl<'t> TextPlaces<'t> {
    const fn new(text: &'t str) -> Self {
        Self { text, start: 0, line: 1 }
    }

    fn of(&mut self, place: usize) -> (usize, usize) {
        let passed = self.text.get(self.start..place).unwrap_or_default();
        self.line += passed.matches('\n').count();
        self.start += passed.rfind('\n').map_or(0, |end| end + 1);
        let before = self.text.get(self.start..place).unwrap_or_default();
        (self.line, before.chars().count() + 1)
    }
}

impl Diagnostic {
    /// Number of the line, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// Number of the column in characters, from 1.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }

    /// Sentence with the mistake, and what to write instead.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration")?;
        if let Some(path) = &self.path {
            write!(f, " in `{}`", path.display())?;
        }
        match &self.reason {
            Reason::Unreadable(error) => write!(f, " can't be read, nothing has changed: {error}"),
            Reason::Refused { first, omitted } => {
                f.write_str(" is refused, nothing has changed:")?;
                first.iter().try_for_each(|diagnostic| write!(f, "\n  {diagnostic}"))?;
                match omitted {
                    0 => Ok(()),
                    omitted => write!(f, "\n  … and {omitted} more"),
                }
            }
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl Error for ConfigError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.reason {
            Reason::Unreadable(error) => Some(error),
            Reason::Refused { .. } => None,
        }
    }
}
