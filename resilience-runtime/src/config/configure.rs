//! The functions of the registry that read and write a configuration.

use std::path::Path;
use std::time::Duration;

use super::apply::{apply, apply_from, check};
use super::error::ConfigError;
use super::file;
use super::size::MaxSize;
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

    /// Checks a text as [`configure`](Self::configure) does, and changes nothing.
    ///
    /// ```standalone_crate
    /// let checked = resilience::registry().check_configuration("[bulkhead.payments]");
    /// assert_eq!(checked.expect_err("a typo").diagnostics().len(), 1);
    /// ```
    ///
    /// # Errors
    ///
    /// The error that [`configure`](Self::configure) would return.
    pub fn check_configuration(&self, text: &str) -> Result<(), ConfigError> {
        check(text).map(drop)
    }

    /// Number of bytes that a configuration may have, from a file or not: a larger one is refused.
    /// Default 1 MiB.
    ///
    /// ```
    /// resilience::registry().set_max_configuration_size(64 * 1024);
    /// ```
    pub fn set_max_configuration_size(&self, bytes: usize) {
        MaxSize::set(bytes);
    }

    /// Passes the text of a file to [`configure`](Self::configure). Blocks while it reads the file,
    /// which must be a regular one: no pipe and no device.
    ///
    /// A blank file is refused after a configuration with content: a full disk leaves such files.
    /// To return to the limits of the code, write a comment into the file.
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
        apply_from(path, file::read(path))
    }

    /// Passes the text of a file to [`configure`](Self::configure), and again whenever the file
    /// changes. Blocks while it reads the file for the first time.
    ///
    /// A separate task has the file read every `interval`, which is at least 1 ms, on a thread for
    /// blocking work. A change is applied there, after two consecutive reads have given the same
    /// text, so that a half-written file is not applied. `on_reload` is then called with the
    /// outcome. A file that is refused or missing leaves the limits as they are;
    /// [`health()`](Self::health) says which ones are in force.
    ///
    /// `on_reload` runs on the watching task and must not block. If it panics, the watch continues.
    /// The watch ends when the [`FileWatcher`] is dropped. A change that is being applied then may
    /// still be.
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
