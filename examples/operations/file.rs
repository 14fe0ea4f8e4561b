//! The file from which the limits of the service are read, and the outcome of each reading.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use resilience::config::{ConfigError, FileWatcher};
use resilience::registry;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

/// Time between two readings of the file.
const INTERVAL: Duration = Duration::from_millis(50);

pub(crate) struct LimitsFile {
    path: PathBuf,
    outcomes: UnboundedReceiver<Result<(), ConfigError>>,
    _watch: FileWatcher,
}

impl LimitsFile {
    /// Writes the file with the current limits of the program, and watches it from now on.
    pub(crate) fn start() -> Result<Self, Box<dyn std::error::Error>> {
        let path = std::env::temp_dir().join(format!("operations-{}.toml", std::process::id()));
        fs::write(&path, registry().to_toml())?;
        let (sender, outcomes) = unbounded_channel();
        let watch = registry().watch(&path, INTERVAL, move |outcome| {
            // At the end of the program the receiver is gone.
            drop(sender.send(outcome));
        })?;
        Ok(Self { path, outcomes, _watch: watch })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Edits the file as an operator would; returns the outcome that the watcher reports.
    pub(crate) async fn edit(&mut self, text: &str) -> io::Result<Result<(), ConfigError>> {
        fs::write(&self.path, text)?;
        let outcome = timeout(100 * INTERVAL, self.outcomes.recv()).await;
        outcome
            .ok()
            .flatten()
            .ok_or_else(|| io::Error::other("the change of the file went unnoticed"))
    }
}

impl Drop for LimitsFile {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.path));
    }
}
