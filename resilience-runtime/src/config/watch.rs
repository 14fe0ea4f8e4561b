//! A task that applies a file whenever the file changes.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::apply::apply_from;
use super::error::ConfigError;
use super::file;
use crate::sync::contain;

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
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    /// Hash of the text.
    Text(u64),
    Unreadable(io::ErrorKind),
}

impl Content {
    fn of(read: &io::Result<String>, hasher: &RandomState) -> Self {
        match read {
            Ok(text) => Self::Text(hasher.hash_one(text)),
            Err(error) => Self::Unreadable(error.kind()),
        }
    }
}

/// A file, and what has been seen of it.
struct WatchedFile {
    path: PathBuf,
    hasher: RandomState,
    /// Content that was applied or refused last.
    reported: Content,
    /// Content at the last read.
    previous: Content,
}

impl FileWatcher {
    pub(super) fn start(
        path: &Path,
        every: Duration,
        on_reload: impl FnMut(Result<(), ConfigError>) + Send + 'static,
    ) -> Result<Self, ConfigError> {
        let runtime = Handle::current();
        let reads = interval(every.max(SHORTEST_INTERVAL));
        let hasher = RandomState::new();
        let read = file::read(path);
        let content = Content::of(&read, &hasher);
        apply_from(path, read)?;
        let path = path.to_owned();
        let file = WatchedFile { path, hasher, reported: content, previous: content };
        Ok(Self(runtime.spawn(watch(file, reads, on_reload))))
    }
}

impl WatchedFile {
    /// Reads the file, and applies it if it has changed and the change is complete. Returns the
    /// outcome of that. Blocks.
    fn read(&mut self) -> Option<Result<(), ConfigError>> {
        let read = file::read(&self.path);
        let content = Content::of(&read, &self.hasher);
        let is_complete = content == std::mem::replace(&mut self.previous, content);
        if !is_complete || content == self.reported {
            return None;
        }
        self.reported = content;
        Some(apply_from(&self.path, read))
    }
}

async fn watch(
    mut file: WatchedFile,
    mut reads: Interval,
    mut on_reload: impl FnMut(Result<(), ConfigError>),
) {
    reads.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        reads.tick().await;
        let read = spawn_blocking(move || {
            let outcome = file.read();
            (file, outcome)
        });
        // This fails only if the runtime is shutting down.
        let Ok((again, outcome)) = read.await else { return };
        file = again;
        if let Some(outcome) = outcome {
            // The panic hook has reported a panic. The next change must still be reported.
            contain(|| on_reload(outcome));
        }
    }
}
