//! A task that applies a file whenever the file changes.

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::apply::{apply, apply_from};
use super::error::ConfigError;

/// Resolution of tokio's timer.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(1);

/// Guard of [`Registry::watch`](crate::Registry::watch). The file is watched until the guard is
/// dropped. The limits then stay as they are.
///
/// ```standalone_crate
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// let path = std::env::temp_dir().join(format!("{}.toml", std::process::id()));
/// std::fs::write(&path, resilience::registry().to_toml())?;
///
/// let watcher = resilience::registry().watch(&path, Duration::from_secs(1), |_outcome| {})?;
/// // … as long as the service runs
/// drop(watcher);
/// # Ok(std::fs::remove_file(&path)?)
/// # }
/// ```
#[derive(Debug)]
#[must_use = "the file is only watched until this guard is dropped"]
pub struct FileWatcher(JoinHandle<()>);

impl Drop for FileWatcher {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Content of the file at one read. Compared, so that each change, and each error, is reported
/// once.
#[derive(Clone, PartialEq, Eq)]
enum Content {
    Text(String),
    Unreadable(io::ErrorKind),
}

impl FileWatcher {
    pub(super) fn start(
        path: &Path,
        every: Duration,
        on_reload: impl FnMut(Result<(), ConfigError>) + Send + 'static,
    ) -> Result<Self, ConfigError> {
        let runtime = Handle::current();
        let reads = interval(every.max(SHORTEST_INTERVAL));
        let text =
            fs::read_to_string(path).map_err(|error| ConfigError::unreadable(path, error))?;
        apply(&text).map_err(|error| error.in_file(path))?;
        Ok(Self(runtime.spawn(watch(Arc::from(path), reads, Content::Text(text), on_reload))))
    }
}

async fn watch(
    path: Arc<Path>,
    mut reads: Interval,
    mut applied: Content,
    mut on_reload: impl FnMut(Result<(), ConfigError>),
) {
    let mut previous = applied.clone();
    reads.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        reads.tick().await;
        let file = Arc::clone(&path);
        // This fails only if the runtime is shutting down.
        let Ok(read) = spawn_blocking(move || fs::read_to_string(file)).await else { return };
        let content = match &read {
            Ok(text) => Content::Text(text.clone()),
            Err(error) => Content::Unreadable(error.kind()),
        };
        if content != applied && content == previous {
            let outcome = apply_from(&path, read);
            // The panic hook has reported a panic. The next change must still be reported.
            drop(catch_unwind(AssertUnwindSafe(|| on_reload(outcome))));
            applied = content.clone();
        }
        previous = content;
    }
}
