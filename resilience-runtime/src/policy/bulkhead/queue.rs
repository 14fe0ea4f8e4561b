//! Slots and the queue for them: who is inside, who waits, in which order.
//!
//! Shared state, who touches it, and in which order:
//!
//! - `slots`, one word: calls inside (low half) and calls waiting (high half). Anyone may change
//!   the low half by compare-and-swap *while the high half is zero*. The high half, and the low
//!   half while the high one is not zero, change only under the lock of `queue`.
//! - `limit`: read by everyone; written under the lock of `queue`.
//! - `queue`, under its lock: the wakers of those waiting, by the numbers of their tickets; and
//!   what was said about the limit.
//!
//! So nobody can pass those who wait: a slot that falls free while someone waits is handed to the
//! first in the queue and never counted as free. No waker is cloned, woken or dropped under the
//! lock: that is other people's code.
//!
//! Who takes a slot without the lock looks at the limit again when it has the slot, and gives it
//! back if that is now too many. All of this is sequentially consistent: either it sees the new
//! limit, or whoever lowered the limit sees it inside.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::Ordering::SeqCst;
use std::task::{Context, Poll, Waker};

use crate::sync::{AtomicU64, Mutex, MutexGuard, lock};

/// One caller waiting: the low half of the word is calls inside, so this is a one in the high half.
const WAITER: u64 = 1 << 32;

#[derive(Debug)]
pub(super) struct Slots {
    word: AtomicU64,
    /// How many may be inside, as the code says.
    declared: u32,
    /// The same, as it is in force.
    limit: AtomicU64,
    queue: Mutex<Queue>,
}

/// How many are inside and how many wait, at one moment.
#[derive(Clone, Copy)]
pub(super) struct Occupancy {
    pub(super) active: u32,
    pub(super) waiting: u32,
}

impl Occupancy {
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of the word")]
    const fn of(word: u64) -> Self {
        Self { active: word as u32, waiting: (word >> 32) as u32 }
    }
}

/// A slot taken; dropping it gives the slot back.
#[derive(Debug)]
#[must_use]
pub(super) struct Slot<'a>(&'a Slots);

impl Drop for Slot<'_> {
    #[inline]
    fn drop(&mut self) {
        if !self.0.try_leave() {
            self.0.leave();
        }
    }
}

impl Slots {
    pub(super) const fn new(limit: u32) -> Self {
        Self {
            word: AtomicU64::new(0),
            declared: limit,
            limit: AtomicU64::new(limit as u64),
            queue: Mutex::new(Queue {
                next: 0,
                waiters: BTreeMap::new(),
                configured: None,
                resized: None,
            }),
        }
    }

    /// Others, as many as these were declared and configured to be.
    pub(super) fn fresh(&self) -> Self {
        let configured = self.lock().configured;
        let limit = configured.unwrap_or(self.declared);
        let queue = Queue { next: 0, waiters: BTreeMap::new(), configured, resized: None };
        Self {
            word: AtomicU64::new(0),
            declared: self.declared,
            limit: AtomicU64::new(limit.into()),
            queue: Mutex::new(queue),
        }
    }

    /// Before anyone has entered.
    pub(super) const fn declare(&mut self, limit: u32) {
        self.declared = limit;
        self.limit = AtomicU64::new(limit as u64);
    }

    #[expect(clippy::cast_possible_truncation, reason = "was a `u32`")]
    #[inline]
    pub(super) fn limit(&self) -> u32 {
        self.limit.load(SeqCst) as u32
    }

    /// The limit that was set by hand.
    pub(super) fn resized(&self) -> Option<u32> {
        self.lock().resized
    }

    /// By hand; `None` takes that back.
    pub(super) fn resize(&self, limit: Option<u32>) {
        let mut queue = self.lock();
        queue.resized = limit;
        let served = self.settle(queue);
        served.into_iter().for_each(Waker::wake);
    }

    /// By a configuration, unless it was resized by hand; `None` takes that back. Gives those who
    /// got a slot and are to be woken.
    #[cfg(feature = "toml")]
    pub(super) fn configure(&self, limit: Option<u32>) -> Vec<Waker> {
        let mut queue = self.lock();
        queue.configured = limit;
        self.settle(queue)
    }

    /// Keeps to what has been said about the limit. Those inside stay. Slots that are new go to
    /// those who wait, in order of arrival.
    fn settle(&self, mut queue: MutexGuard<'_, Queue>) -> Vec<Waker> {
        let limit = queue.resized.or(queue.configured).unwrap_or(self.declared);
        self.limit.store(limit.into(), SeqCst);
        let mut served = Vec::new();
        // Nobody but the lock's owner changes the word while someone waits.
        while Occupancy::of(self.word.load(SeqCst)).active < limit
            && let Some(waker) = queue.pop()
        {
            self.word.fetch_sub(WAITER - 1, SeqCst);
            served.push(waker);
        }
        served
    }

    pub(super) fn count(&self) -> Occupancy {
        Occupancy::of(self.word.load(SeqCst))
    }

    /// Takes a free slot, if there is one and nobody waits for it.
    #[inline]
    pub(super) fn try_enter(&self) -> Option<Slot<'_>> {
        let mut word = self.word.load(SeqCst);
        loop {
            let count = Occupancy::of(word);
            if count.waiting > 0 || count.active >= self.limit() {
                return None;
            }
            match self.word.compare_exchange_weak(word, word + 1, SeqCst, SeqCst) {
                Ok(_) => {
                    let slot = Slot(self);
                    return (count.active < self.limit()).then_some(slot);
                }
                Err(now) => word = now,
            }
        }
    }

    /// Waits for a slot, first come first served; gives up at once if `max_queue` wait already.
    /// Dropped before it ends, it leaves no trace.
    pub(super) const fn enter(&self, max_queue: u32) -> Enter<'_> {
        Enter { slots: self, max_queue, ticket: None }
    }

    /// A slot if one has fallen free, else a ticket (`Err`), else nothing where the queue is full.
    fn join(&self, max_queue: u32, waker: Waker) -> Result<Option<Slot<'_>>, QueueTicket<'_>> {
        let mut queue = self.lock();
        let limit = self.limit();
        let mut word = self.word.load(SeqCst);
        loop {
            let count = Occupancy::of(word);
            let free = count.waiting == 0 && count.active < limit;
            if !free && count.waiting >= max_queue {
                return Ok(None);
            }
            let next = if free { word + 1 } else { word + WAITER };
            match self.word.compare_exchange_weak(word, next, SeqCst, SeqCst) {
                Ok(_) if free => return Ok(Some(Slot(self))),
                Ok(_) => {
                    let number = queue.push(waker);
                    return Err(QueueTicket { slots: self, number, served: false });
                }
                Err(now) => word = now,
            }
        }
    }

    /// Gives a slot back, if nobody waits for it.
    #[inline]
    fn try_leave(&self) -> bool {
        let mut word = self.word.load(SeqCst);
        while Occupancy::of(word).waiting == 0 {
            match self.word.compare_exchange_weak(word, word - 1, SeqCst, SeqCst) {
                Ok(_) => return true,
                Err(now) => word = now,
            }
        }
        false
    }

    /// Gives a slot back: to the first who waits, else free.
    #[cold]
    fn leave(&self) {
        while !self.try_leave() {
            let mut queue = self.lock();
            let count = Occupancy::of(self.word.load(SeqCst));
            if count.waiting > 0 && count.active > self.limit() {
                // There are fewer slots than there were: this one is gone.
                self.word.fetch_sub(1, SeqCst);
                return;
            }
            // `None`: all who waited have given up since.
            if let Some(waker) = queue.pop() {
                // One fewer waits, as many are inside: the slot has a new owner.
                self.word.fetch_sub(WAITER, SeqCst);
                drop(queue);
                waker.wake();
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        lock(&self.queue)
    }
}

/// A caller on its way in.
#[derive(Debug)]
pub(super) struct Enter<'a> {
    slots: &'a Slots,
    max_queue: u32,
    /// From the first poll on, if it has to wait.
    ticket: Option<QueueTicket<'a>>,
}

impl<'a> Future for Enter<'a> {
    type Output = Option<Slot<'a>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(ticket) = &mut self.ticket {
            return ticket.poll(cx.waker()).map(Some);
        }
        match self.slots.join(self.max_queue, cx.waker().clone()) {
            Ok(slot) => Poll::Ready(slot),
            Err(ticket) => {
                self.ticket = Some(ticket);
                Poll::Pending
            }
        }
    }
}

/// Who waits, under the lock. As many entries as waiters, whoever of them gives up.
#[derive(Debug)]
struct Queue {
    /// The number of the next ticket.
    next: u64,
    /// Those with a ticket who have neither been served nor given up.
    waiters: BTreeMap<u64, Waker>,
    /// The limit that a configuration gives.
    configured: Option<u32>,
    /// The limit that was set by hand.
    resized: Option<u32>,
}

impl Queue {
    fn push(&mut self, waker: Waker) -> u64 {
        let number = self.next;
        self.next += 1;
        self.waiters.insert(number, waker);
        number
    }

    /// Takes the first who waits off the queue: its ticket is served.
    fn pop(&mut self) -> Option<Waker> {
        Some(self.waiters.pop_first()?.1)
    }
}

/// A turn in the queue. Dropped before it is served, it gives up the turn; dropped after it was
/// served but before anyone saw that, it gives the slot back.
#[derive(Debug)]
struct QueueTicket<'a> {
    slots: &'a Slots,
    number: u64,
    served: bool,
}

impl<'a> QueueTicket<'a> {
    fn poll(&mut self, waker: &Waker) -> Poll<Slot<'a>> {
        let mut new = None;
        loop {
            let mut queue = self.slots.lock();
            let Some(mine) = queue.waiters.get_mut(&self.number) else {
                self.served = true;
                return Poll::Ready(Slot(self.slots));
            };
            if mine.will_wake(waker) {
                return Poll::Pending;
            }
            if let Some(new) = new {
                let before = std::mem::replace(mine, new);
                drop(queue);
                drop(before);
                return Poll::Pending;
            }
            drop(queue);
            new = Some(waker.clone());
        }
    }
}

impl Drop for QueueTicket<'_> {
    fn drop(&mut self) {
        if self.served {
            return;
        }
        let mut queue = self.slots.lock();
        let Some(waker) = queue.waiters.remove(&self.number) else {
            drop(queue);
            return self.slots.leave();
        };
        self.slots.word.fetch_sub(WAITER, SeqCst);
        drop(queue);
        drop(waker);
    }
}
