//! The contract with the attributes, which expand to this and to nothing else. Not part of the API:
//! it changes with the attributes.

pub(crate) mod argument;
mod bulkhead;
mod circuit_breaker;
mod discard;
mod rate_limiter;
mod register;
mod retry;
pub(crate) mod subject;
mod timeout;
pub(crate) mod user_fn;

pub use self::timeout::{TimeoutLayer, limit};
pub use crate::call_outcome::{CallOutcome, OutcomeCell};
pub use crate::function::Function;
pub use crate::outcome::{
    Cause, CauseProbe, ClassProbe, Classified, Debugged, Displayed, Searched, Unclassified, Untold,
    Verdict, breaker_when, instead_of, retry_when,
};
pub use crate::policy::bulkhead::Permit;
pub use crate::policy::fallback::{closure_failure, fallback_applies, fallback_used};
pub use crate::policy::retry::{CallOptions, NextStep, RetryState, backoff_sleep};
pub use crate::policy::timeout::{FixedLimit, LimitObserver, timeout};
pub use crate::registry::Registration;
pub use crate::registry::declared::named::{Declares, DeclaresNothing, Named};
pub use crate::registry::declared::source::Declared;
pub use crate::registry::declared::{AnnotatedFunction, Layer, Listed};
pub use crate::task::body;
pub use argument::{ArgumentProbe, Consumed, Copied, LentArgument, Reborrowed};
pub use bulkhead::{BulkheadLayer, acquire, try_acquire};
pub use circuit_breaker::{AdmissionInPlace, CircuitBreakerLayer, PolicyAdmission, admission};
pub use discard::discard;
pub use inventory::submit as register;
pub use rate_limiter::{obey, take_turn, wait_for_turn};
pub use retry::{BACKOFF_OF_THE_CALL, RetryLayer, attempt, retry};
pub use subject::to_static;
