//! What the attributes expand to calls of. Not part of the API: it changes with the attributes.

mod combined;
mod layers;
mod register;
pub(crate) mod user_fn;

pub use crate::function::Function;
pub use crate::outcome::{
    ClassProbe, Classified, Unclassified, Verdict, breaker_when, instead_of, retry_when,
};
pub use crate::policy::bulkhead::Permit;
pub use crate::policy::fallback::{asks, given, used};
pub use crate::policy::retry::{CallDurations, NextStep, RetryState, backoff_sleep};
pub use crate::policy::timeout::{FixedLimit, LimitObserver, timeout};
pub use crate::registry::Registration;
pub use crate::registry::declared::named::{Declares, DeclaresNothing, Named};
pub use crate::registry::declared::source::Declared;
pub use crate::registry::declared::{AnnotatedFunction, Layer, Listed};
pub use combined::{AdmissionBy, acquire_by, admission_by, limit_by, retry_by, try_acquire_by};
pub use inventory::submit as register;
pub use layers::{AdmissionInPlace, BACKOFF_OF_THE_CALL, acquire, admission, discard, try_acquire};

// Names that the attributes still expand to.
pub use crate::outcome::ClassProbe as Probe;
pub use crate::policy::retry::{
    CallDurations as Durations, NextStep as Next, RetryState as Run,
    backoff_sleep as sleep_before_next,
};
pub use crate::policy::timeout::LimitObserver as Watch;
