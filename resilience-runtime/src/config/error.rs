//! The refusal of a configuration, and its diagnostics.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::diagnostics::Diagnostics;
use crate::registry::one_line;

/// Refusal of a whole configuration: nothing has changed.
///
/// Displayed with every mistake on a line of its own. [`diagnostics`](Self::diagnostics) returns
/// the mistakes as data.
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
    Refused(Vec<Diagnostic>),
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
        let diagnostics = diagnostics.into_sorted().into_iter().map(|(place, message)| {
            let before = text.get(..place.start).unwrap_or(text);
            let line = before.rsplit('\n').next().unwrap_or(before);
            let (line, column) = (before.matches('\n').count() + 1, line.chars().count() + 1);
            Diagnostic { line, column, message: one_line(&message) }
        });
        Self { path: None, reason: Reason::Refused(diagnostics.collect()) }
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

    /// All mistakes, in the order of the text. Empty if the file could not be read: in this case
    /// [`source`](Error::source) returns the reason.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match &self.reason {
            Reason::Refused(diagnostics) => diagnostics,
            Reason::Unreadable(_) => &[],
        }
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
            Reason::Refused(diagnostics) => {
                f.write_str(" is refused, nothing has changed:")?;
                diagnostics.iter().try_for_each(|diagnostic| write!(f, "\n  {diagnostic}"))
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
            Reason::Refused(_) => None,
        }
    }
}
