//! A file that is configured anew whenever it changes.

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

/// The timer of tokio is not finer.
const SHORTEST: Duration = Duration::from_millis(1);

/// Watches the file of [`Registry::watch`](crate::Registry::watch); dropping it ends that. The
/// limits stay as they are.
#[derive(Debug)]
#[must_use = "the file is watched until this is dropped"]
pub struct FileWatcher(JoinHandle<()>);

impl Drop for FileWatcher {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What was seen at one look. That a file is missing is seen again and again, but reported once.
#[derive(Clone, PartialEq, Eq)]
enum Seen {
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
        let looks = interval(every.max(SHORTEST));
        let text =
            fs::read_to_string(path).map_err(|error| ConfigError::unreadable(path, error))?;
        apply(&text).map_err(|error| error.in_file(path))?;
        Ok(Self(runtime.spawn(watch(Arc::from(path), looks, Seen::Text(text), on_reload))))
    }
}

async fn watch(
    path: Arc<Path>,
    mut looks: Interval,
    mut taken: Seen,
    mut on_reload: impl FnMut(Result<(), ConfigError>),
) {
    let mut before = taken.clone();
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        let file = Arc::clone(&path);
        // Not to be had only if the runtime is shutting down.
        let Ok(read) = spawn_blocking(move || fs::read_to_string(file)).await else { return };
        let seen = match &read {
            Ok(text) => Seen::Text(text.clone()),
            Err(error) => Seen::Unreadable(error.kind()),
        };
        if seen != taken && seen == before {
            let outcome = apply_from(&path, read);
            // The panic hook has reported it; the next change must be reported all the same.
            drop(catch_unwind(AssertUnwindSafe(|| on_reload(outcome))));
            taken = seen.clone();
        }
        before = seen;
    }
}
