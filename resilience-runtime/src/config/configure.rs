//! The functions of the registry that read and write a configuration.

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
    /// [`ConfigError`] with every mistake in the text. In this case nothing has changed.
    pub fn configure(&self, text: &str) -> Result<(), ConfigError> {
        apply(text)
    }

    /// Passes the text of a file to [`configure`](Self::configure). Blocks while it reads the file.
    ///
    /// ```standalone_crate
    /// let missing = resilience::registry().configure_from_path("no/such/file.toml");
    /// let error = missing.expect_err("it can't be read");
    /// assert_eq!(error.path(), Some("no/such/file.toml".as_ref()));
    /// assert!(error.diagnostics().is_empty());
    /// ```
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the file can't be read, or with every mistake in the file. In both cases
    /// nothing has changed.
    pub fn configure_from_path(&self, path: impl AsRef<Path>) -> Result<(), ConfigError> {
        let path = path.as_ref();
        apply_from(path, fs::read_to_string(path))
    }

    /// Passes the text of a file to [`configure`](Self::configure), and again whenever the file
    /// changes. Blocks while it reads the file for the first time.
    ///
    /// A separate task reads the file every `interval`, which is at least 1 ms. A change is applied
    /// after two consecutive reads have given the same text, so that a half-written file is not
    /// applied. `on_reload` is then called with the outcome. A file that is refused or missing
    /// leaves the limits as they are.
    ///
    /// `on_reload` runs on the watching task and must not block. If it panics, the watch continues.
    /// The watch ends when the [`FileWatcher`] is dropped.
    ///
    /// ```no_run
    /// # #[tokio::main] async fn main() -> Result<(), resilience::config::ConfigError> {
    /// use std::time::Duration;
    ///
    /// use resilience::registry;
    ///
    /// let second = Duration::from_secs(1);
    /// let _watcher = registry().watch("resilience.toml", second, |outcome| match outcome {
    ///     Ok(()) => println!("resilience.toml is in force"),
    ///     Err(error) => eprintln!("{error}"),
    /// })?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`configure_from_path`](Self::configure_from_path), for the first read. In
    /// this case the file is not watched.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime, or in a runtime without timers (`enable_time`).
    pub fn watch(
        &self,
        path: impl AsRef<Path>,
        interval: Duration,
        on_reload: impl FnMut(Result<(), ConfigError>) + Send + 'static,
    ) -> Result<FileWatcher, ConfigError> {
        FileWatcher::start(path.as_ref(), interval, on_reload)
    }

    /// Returns a configuration file with every option that can be configured, and its value in
    /// force. [`configure`](Self::configure) accepts this text, and changes nothing. Use it as the
    /// start of a file.
    ///
    /// ```
    /// println!("{}", resilience::registry().to_toml());
    /// ```
    #[must_use]
    pub fn to_toml(&self) -> String {
        write::text(&Targets::of_the_program())
    }
}
