//! The work that goes on without its caller, and those who wait for its end.
//!
//! All state is under one lock, which is taken when work is left behind, when such work ends, and
//! by those who wait. Calls whose caller waits for them do not take it. Wakers are called after the
//! lock has been released.

use std::future::Future;
use std::mem::take;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::sync::{Mutex, lock, wake};

/// Number of running works that have been left behind.
#[derive(Debug)]
pub(super) struct RunningWork {
    state: Mutex<RunningState>,
}

#[derive(Debug)]
struct RunningState {
    running: usize,
    /// Number of moments at which the last work ended. A waiter that sees another number than at
    /// its start has missed such a moment, and is done.
    pauses: u64,
    /// Wakers of those who wait, by their tickets.
    waiting: Vec<(u64, Waker)>,
    next_ticket: u64,
}

impl RunningWork {
    pub(super) const fn new() -> Self {
        let state = RunningState { running: 0, pauses: 0, waiting: Vec::new(), next_ticket: 0 };
        Self { state: Mutex::new(state) }
    }

    pub(super) fn running(&self) -> usize {
        lock(&self.state).running
    }

    /// Counts work that is left behind.
    pub(super) fn begin(&self) {
        lock(&self.state).running += 1;
    }

    /// Counts the end of work for which [`begin`](Self::begin) was called.
    pub(super) fn end(&self) {
        let waiting = {
            let mut state = lock(&self.state);
            state.running -= 1;
            if state.running > 0 {
                return;
            }
            state.pauses += 1;
            take(&mut state.waiting)
        };
        for (_, waker) in waiting {
            wake(waker);
        }
    }

    /// Returns a future that ends when no work runs.
    pub(super) const fn pause(&self) -> Pause<'_> {
        Pause { work: self, began: None }
    }
}

/// Future of [`RunningWork::pause`]. Dropped, it leaves nothing behind.
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub(super) struct Pause<'a> {
    work: &'a RunningWork,
    /// The ticket, and the number of pauses at the first poll.
    began: Option<(u64, u64)>,
}

impl Future for Pause<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // Wakers are foreign code: they are cloned and dropped outside the lock.
        let waker = cx.waker().clone();
        let work = self.work;
        let mut state = lock(&work.state);
        let (ticket, pauses) = *self.began.get_or_insert_with(|| {
            state.next_ticket += 1;
            (state.next_ticket, state.pauses)
        });
        if state.running == 0 || state.pauses != pauses {
            return Poll::Ready(());
        }
        let place = state.waiting.iter().position(|(waiting, _)| *waiting == ticket);
        let before = place.map(|place| state.waiting.swap_remove(place));
        state.waiting.push((ticket, waker));
        drop(state);
        drop(before);
        Poll::Pending
    }
}

impl Drop for Pause<'_> {
    fn drop(&mut self) {
        if let Some((ticket, _)) = self.began {
            let mut state = lock(&self.work.state);
            let place = state.waiting.iter().position(|(waiting, _)| *waiting == ticket);
            let left = place.map(|place| state.waiting.swap_remove(place));
            drop(state);
            drop(left);
        }
    }
}
