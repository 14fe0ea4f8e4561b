//! Limits from a configuration file: read, plan, apply, write, watch.

mod apply;
mod configure;
mod diagnostics;
mod error;
mod file;
mod plan;
mod quoted;
mod size;
mod table;
mod target;
mod timing;
mod toml_path;
mod value;
mod watch;
mod write;

pub use error::{ConfigError, Diagnostic};
pub use watch::FileWatcher;
