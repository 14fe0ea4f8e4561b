//! Helpers of the tests in `tests/`.

mod api_error;
mod calls;
mod criteria;
mod event_log;
mod futures;
mod registered;
#[cfg(feature = "toml")]
mod round_trip;
mod time;

pub use api_error::{ApiError, timed_out};
pub use calls::{enter, fail, rejected, succeed};
pub use criteria::{Criteria, CriteriaRow, documented_criteria, outcome};
pub use event_log::EventLog;
pub use futures::{Dropped, poll_once, polled, send};
pub use registered::{layers_of, stats_of};
#[cfg(feature = "toml")]
pub use round_trip::assert_round_trip;
pub use time::{SECOND, ms, pass_time, with_paused_clock, without_timer};
