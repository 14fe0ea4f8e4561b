//! The configuration in force.
//!
//! Shared state, who touches it, and in which order: the record is written under its lock by a
//! thread that applies or refuses a configuration, and read by `health()`. Nothing else is locked
//! under it, and no user code runs under it.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The configuration whose limits are in force, and the last refusal.
///
/// ```
/// let configuration = resilience::registry().health().configuration;
/// assert_eq!((configuration.version, configuration.file, configuration.refused), (0, None, None));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ConfigurationHealth {
    /// Number of configurations that came into force since the start of the program. 0: the limits
    /// are those of the code.
    pub version: u64,
    /// Path of the file that is in force; `None` for the limits of the code or of a text.
    pub file: Option<String>,
    /// Reasons why the last configuration was refused, if it was: the file has another content than
    /// what is in force.
    pub refused: Option<String>,
}

struct Record {
    health: ConfigurationHealth,
    #[cfg(feature = "toml")]
    has_content: bool,
}

static RECORD: Mutex<Record> = Mutex::new(Record {
    health: ConfigurationHealth { version: 0, file: None, refused: None },
    #[cfg(feature = "toml")]
    has_content: false,
});

fn record() -> MutexGuard<'static, Record> {
    RECORD.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn configuration() -> ConfigurationHealth {
    record().health.clone()
}

/// Returns `true` if the configuration in force has more than white space.
#[cfg(feature = "toml")]
pub(crate) fn has_content() -> bool {
    record().has_content
}

/// Records that a configuration is in force, and returns its version.
#[cfg(feature = "toml")]
pub(crate) fn taken(file: Option<String>, has_content: bool) -> u64 {
    let mut record = record();
    let version = record.health.version + 1;
    record.health = ConfigurationHealth { version, file, refused: None };
    record.has_content = has_content;
    version
}

/// Records that a configuration was refused.
#[cfg(feature = "toml")]
pub(crate) fn refused(error: String) {
    record().health.refused = Some(error);
}
