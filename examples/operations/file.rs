//! The file that the service's limits are read from, and what is told of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use resilience::{ConfigError, Watch, registry};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

/// How often the file is looked at.
const INTERVAL: Duration = Duration::from_millis(50);

pub(crate) struct LimitsFile {
    path: PathBuf,
    told: UnboundedReceiver<Result<(), ConfigError>>,
    _watch: Watch,
}

impl LimitsFile {
    /// Written with the limits of the program as they are, and watched from now on.
    pub(crate) fn start() -> Result<Self, Box<dyn std::error::Error>> {
        let path = std::env::temp_dir().join(format!("operations-{}.toml", std::process::id()));
        fs::write(&path, registry().to_toml())?;
        let (tell, told) = unbounded_channel();
        let watch = registry().watch(&path, INTERVAL, move |outcome| {
            // Nobody listens any more when the program ends.
            drop(tell.send(outcome));
        })?;
        Ok(Self { path, told, _watch: watch })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What an operator does with an editor; gives what the watch has to say.
    pub(crate) async fn edit(&mut self, text: &str) -> io::Result<Result<(), ConfigError>> {
        fs::write(&self.path, text)?;
        let told = timeout(100 * INTERVAL, self.told.recv()).await;
        told.ok().flatten().ok_or_else(|| io::Error::other("the change of the file went unnoticed"))
    }
}

impl Drop for LimitsFile {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.path));
    }
}
