//! The class of an error whose type is not known.

use std::error::Error as StdError;
use std::io;

use super::class::Class;
use super::classify::Classify;
use super::error::Error;
use super::error_text::Cause;
use super::sources::chain;

impl Class {
    /// Returns the class of an error whose type is not known: that of the first [`Error`] or
    /// [`io::Error`] among the error and its sources, and [`Class::Transient`] if there is none.
    /// It looks at 64 errors at most.
    ///
    /// The attributes ask it for errors that are `AsRef<dyn Error>`, such as `anyhow::Error` and
    /// `eyre::Report`. For the `call`s of policies with such an error, `call_with` takes it:
    ///
    /// ```
    /// use resilience::{Class, RetryPolicy};
    ///
    /// static STANDARD: RetryPolicy = RetryPolicy::new("standard");
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let read = async || anyhow::Context::context(std::fs::read("/no/such/file"), "no settings");
    /// let result = STANDARD.call_with(|error| Class::of(error.as_ref()), read).await;
    /// assert!(result.is_err_and(|error| Class::of(error.as_ref()) == Class::Expected));
    /// # }
    /// ```
    #[must_use]
    pub fn of(error: &(dyn StdError + 'static)) -> Self {
        let known = chain(error).find_map(|error| {
            let ours = error.downcast_ref::<Error>().map(Classify::classify);
            ours.or_else(|| error.downcast_ref::<io::Error>().map(Classify::classify))
        });
        known.unwrap_or(Self::Transient)
    }
}

/// Any error has the class that [`Class::of`] finds. `Box<dyn Error>` and other pointers follow.
macro_rules! classify_any_error {
    ($($error:ty),*) => {$(
        impl Classify for $error {
            fn classify(&self) -> Class {
                Class::of(self)
            }

            fn cause(&self) -> Cause<'_> {
                Cause::display(self)
            }

            fn policy_error(&self) -> Option<&Error> {
                Error::find(self)
            }
        }
    )*};
}

classify_any_error!(
    dyn StdError,
    dyn StdError + Send,
    dyn StdError + Sync,
    dyn StdError + Send + Sync
);
