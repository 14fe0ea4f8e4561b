//! The wait for a turn, as long as the limits allow.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};

use super::pace::Pace;
use super::rate_limiter::RateLimiter;
use super::schedule::{Turn, WaitingTurn};
use crate::function::Function;
use crate::outcome::Error;
use crate::task::{Suspension, deadline};
use crate::time::{Nanos, nanoseconds};

/// Resolution of tokio's timer, which may end a wait as much later.
const RESOLUTION: Duration = Duration::from_millis(1);

pin_project! {
    /// Future of a call that waits for its turn, or is rejected. If it is dropped, the turn is
    /// given back, unless a later one has been given out.
    #[must_use = "futures do nothing unless awaited"]
    pub(crate) struct TurnWait<'a, 'f> {
        limiter: &'a RateLimiter,
        function: Option<&'f Function>,
        cost: u32,
        // Set from the first poll on, if the call has to wait.
        wait: Option<Wait<'a>>,
        #[pin]
        timer: Option<Sleep>,
    }
}

struct Wait<'a> {
    turn: WaitingTurn<'a>,
    /// Moment at which the longest wait ends; `None` for never.
    ends: Option<Instant>,
    suspension: Suspension,
}

impl<'a, 'f> TurnWait<'a, 'f> {
    #[inline]
    pub(super) const fn new(
        limiter: &'a RateLimiter,
        function: Option<&'f Function>,
        cost: u32,
    ) -> Self {
        Self { limiter, function, cost, wait: None, timer: None }
    }
}

impl Future for TurnWait<'_, '_> {
    type Output = Result<(), Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let inside = self.project();
        let limiter = *inside.limiter;
        if inside.wait.is_none() {
            match begin(limiter, *inside.cost) {
                Ok(None) => return Poll::Ready(Ok(())),
                Ok(begun) => *inside.wait = begun,
                Err(retry_after) => {
                    return Poll::Ready(Err(limiter.rejected(*inside.function, retry_after)));
                }
            }
        }
        let left = ready!(poll_wait(inside.wait, cx, inside.timer));
        Poll::Ready(match left {
            None => Ok(()),
            left => Err(limiter.rejected(*inside.function, left)),
        })
    }
}

/// Takes a turn. `None` if it has come.
fn begin(limiter: &RateLimiter, cost: u32) -> Result<Option<Wait<'_>>, Option<Duration>> {
    let max_wait = limiter.pace.with(Pace::max_wait);
    let now = Instant::now();
    // A turn at the deadline itself would come too late.
    let until_deadline = deadline().map_or(u64::MAX, |deadline| {
        nanoseconds(deadline.saturating_duration_since(now)).saturating_sub(1)
    });
    let longest = nanoseconds(max_wait).min(until_deadline);
    Ok(match limiter.take(cost, longest)? {
        Turn::Now => None,
        Turn::Later(turn) => {
            let ends = now.checked_add(max_wait).and_then(|ends| ends.checked_add(RESOLUTION));
            Some(Wait { turn, ends, suspension: Suspension::default() })
        }
    })
}

/// Polls the wait, and removes it when it has ended. Returns the time that was left if the call
/// has given up: after it began to wait, a pause has moved its turn, or its deadline has come
/// nearer.
fn poll_wait(
    waiting: &mut Option<Wait<'_>>,
    cx: &mut Context<'_>,
    mut timer: Pin<&mut Option<Sleep>>,
) -> Poll<Option<Duration>> {
    let Some(wait) = waiting else { return Poll::Ready(None) };
    loop {
        let left = Duration::from_nanos(wait.turn.wait(Nanos::now()));
        if left.is_zero() {
            if let Some(wait) = waiting.take() {
                wait.turn.take();
            }
            return Poll::Ready(None);
        }
        let at = Instant::now().checked_add(left);
        let is_late = at.is_none_or(|at| {
            wait.ends.is_some_and(|ends| at > ends) || deadline().is_some_and(|ends| at >= ends)
        });
        let Some(at) = at.filter(|_| !is_late) else {
            *waiting = None;
            return Poll::Ready(Some(left));
        };
        match timer.as_mut().as_pin_mut() {
            None => timer.set(Some(sleep_until(at))),
            // A pause has moved the turn.
            Some(armed) if armed.is_elapsed() => armed.reset(at),
            Some(_) => {}
        }
        if let Some(timer) = timer.as_mut().as_pin_mut() {
            ready!(wait.suspension.during(|| timer.poll(cx)));
        }
    }
}
