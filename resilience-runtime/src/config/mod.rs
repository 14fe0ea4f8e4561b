//! Limits from a file.

mod apply;
mod configure;
mod diagnostics;
mod error;
mod keys;
mod nearest;
mod plan;
mod policies;
mod table;
mod target;
mod toml_path;
mod waits;
mod watch;
mod write;

pub use error::{ConfigError, Diagnostic};
pub use watch::FileWatcher;
