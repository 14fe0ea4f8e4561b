//! Timeouts: tokio's, tower's.

use tower::service_fn;
use tower::timeout::Timeout;
use tower::util::ServiceExt;

use super::{SECOND, Subject, work};

pub(super) fn subjects() -> Vec<Subject> {
    let layer = "timeout";
    vec![
        Subject::new(layer, "tokio", |suspends| tokio::time::timeout(SECOND, work(suspends))),
        Subject::new(layer, "tower", |suspends| {
            Timeout::new(service_fn(work), SECOND).oneshot(suspends)
        }),
    ]
}
