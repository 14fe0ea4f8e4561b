//! The ways a call can end, and their meaning to the policies.

mod any_error;
mod any_result;
mod bounded_text;
mod class;
mod classifier;
mod classify;
mod error;
mod error_text;
mod failure;
mod from_error;
mod io;
mod key;
mod one_line;
mod probe;
mod shared_text;
mod sources;
mod verdict;

pub use any_result::{AnyResult, instead_of};
pub(crate) use bounded_text::bounded;
pub use class::Class;
pub(crate) use classifier::{ByFunction, ByType, Classifier};
pub use classify::{Classify, RetryAfterField};
pub use error::Error;
pub use error_text::{Cause, CauseProbe, Debugged, Displayed, ErrorText, Untold};
pub use failure::Failure;
pub use from_error::{
    FromBulkheadError, FromCircuitBreakerError, FromRateLimiterError, FromResilientError,
    FromTimeoutError,
};
pub use key::Key;
pub(crate) use one_line::{OneLine, one_line};
pub use probe::{ClassProbe, Classified, Searched, Unclassified, breaker_when, retry_when};
pub use verdict::Verdict;
