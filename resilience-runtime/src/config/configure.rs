//! The registry's part in it: limits from a text or a file, and into a text.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::apply::{apply, apply_from};
use super::error::ConfigError;
use super::target::Targets;
use super::watch::FileWatcher;
use super::write;
use crate::registry::Registry;

impl Registry {
    #[doc = include_str!("../../docs/configuration.md")]
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with every mistake in the text; then nothing has changed.
    pub fn configure(&self, text: &str) -> Result<(), ConfigError> {
        apply(text)
    }

    /// [`configure`](Self::configure)s what a file says. Blocks while it reads the file.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the file can't be read, or with every mistake in it; then nothing has
    /// changed.
    pub fn configure_from_path(&self, path: impl AsRef<Path>) -> Result<(), ConfigError> {
        let path = path.as_ref();
        apply_from(path, fs::read_to_string(path))
    }

    /// [`configure`](Self::configure)s what a file says, and does so again whenever it says
    /// something else. Blocks while it reads the file for the first time.
    ///
    /// The file is looked at every `interval`, at least a millisecond, on a task of its own. A
    /// change is taken when the file has read the same at two looks one after the other, so that a
    /// file that is being written is not taken half finished. `on_reload` is called with the
    /// outcome each time: a file that is refused, or has gone, leaves the limits as they are. It
    /// runs on the task of the watch and must not block; should it panic, the watch goes on.
    ///
    /// ```no_run
    /// # #[tokio::main] async fn main() -> Result<(), resilience::config::ConfigError> {
    /// use std::time::Duration;
    ///
    /// let _watch = resilience::registry().watch("resilience.toml", Duration::from_secs(1), |outcome| match outcome {
    ///     Ok(()) => println!("resilience.toml is in force"),
    ///     Err(error) => eprintln!("{error}"),
    /// })?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`configure_from_path`](Self::configure_from_path), for the first time: then nothing is
    /// watched.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime, or in one whose timers are not enabled.
    pub fn watch(
        &self,
        path: impl AsRef<Path>,
        interval: Duration,
        on_reload: impl FnMut(Result<(), ConfigError>) + Send + 'static,
    ) -> Result<FileWatcher, ConfigError> {
        FileWatcher::start(path.as_ref(), interval, on_reload)
    }

    /// A file with everything that can be configured and what holds now, to begin with:
    /// [`configure`](Self::configure) accepts it, and changes nothing by it.
    ///
    /// ```
    /// println!("{}", resilience::registry().to_toml());
    /// ```
    #[must_use]
    pub fn to_toml(&self) -> String {
        write::text(&Targets::of_the_program())
    }
}
