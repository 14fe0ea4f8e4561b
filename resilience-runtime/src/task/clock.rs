//! The clock of one timeout.

use std::time::Duration;

use tokio::time::Instant;

use super::clocks::{CLOCKS, Clocks, Deadline, DeadlineScope, nearest};

/// Clock of one timeout. The first suspension of the work starts it, or the first use of the
/// deadline, whichever is earlier.
#[derive(Debug)]
pub(crate) struct Clock {
    limit: Duration,
    end: End,
}

/// Moment at which the limit passes.
#[derive(Clone, Copy, Debug)]
enum End {
    Unstarted,
    At(Instant),
    /// Later than the last [`Instant`], or no limit.
    Never,
}

impl Clock {
    pub(crate) const fn new(limit: Duration) -> Self {
        Self { limit, end: End::Unstarted }
    }

    pub(crate) const fn limit(&self) -> Duration {
        self.limit
    }

    /// Runs one poll of the work inside the timeout. The work sees this clock as an outer clock.
    #[inline]
    pub(crate) fn during<R>(&mut self, poll: impl FnOnce() -> R) -> R {
        let mut deadline = DeadlineScope::default();
        let _clock = match self.end {
            End::Unstarted => {
                if CLOCKS.with(Clocks::have_started) {
                    deadline.enter_unstarted();
                }
                Some(ClockScope::enter(self))
            }
            End::At(end) => {
                deadline.enter_timeout(end);
                None
            }
            End::Never => None,
        };
        poll()
    }

    /// Records a suspension of the work. The first suspension starts this clock, and all outer
    /// clocks that have not started, which would otherwise read the time again. Returns the
    /// deadline of this timeout (`None` for never), and the nearest outer deadline.
    #[inline]
    pub(crate) fn suspended(&mut self) -> (Option<Instant>, Option<Deadline>) {
        if let End::Unstarted = self.end {
            if self.limit == Duration::MAX {
                self.end = End::Never;
            } else {
                let now = Instant::now();
                self.start(now);
                CLOCKS.with(|clocks| clocks.start(|| now));
            }
        }
        let own = match self.end {
            End::At(own) => Some(own),
            End::Unstarted | End::Never => None,
        };
        (own, nearest())
    }

    #[inline]
    fn start(&mut self, now: Instant) {
        if let End::Unstarted = self.end {
            self.end = now.checked_add(self.limit).map_or(End::Never, End::At);
        }
    }
}

/// Scope of one poll inside a clock that has not started. If the poll starts it, `drop` records the
/// moment.
struct ClockScope<'a> {
    clock: &'a mut Clock,
    outer: Option<Duration>,
}

impl<'a> ClockScope<'a> {
    #[inline]
    fn enter(clock: &'a mut Clock) -> Self {
        CLOCKS.with(|clocks| {
            let outer = clocks.limit.get();
            clocks.limit.set(Some(outer.map_or(clock.limit, |outer| outer.min(clock.limit))));
            Self { clock, outer }
        })
    }
}

impl Drop for ClockScope<'_> {
    #[inline]
    fn drop(&mut self) {
        CLOCKS.with(|clocks| {
            clocks.limit.set(self.outer);
            if let Some(now) = clocks.started.get() {
                self.clock.start(now);
                if self.outer.is_none() {
                    clocks.started.set(None);
                }
            }
        });
    }
}
