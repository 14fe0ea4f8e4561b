//! The slots of a bulkhead, and the queue of the calls that wait for a slot.
//!
//! Shared state, who touches it, and in which order:
//!
//! - `occupancy`, one word: the number of calls inside (low half) and of waiting calls (high half).
//!   Any thread may change the low half by compare-and-swap *while the high half is zero*. The high
//!   half changes only under the lock of `queue`, and so does the low half while the high half is
//!   not zero.
//! - `limit`: read by every call; written under the lock of `queue`.
//! - `queue`, under its lock: the wakers of the waiting calls, by the number of their tickets; and
//!   the limits that a configuration and a resize have set.
//!
//! So no call can overtake a waiting call: a slot that is released while calls wait is handed to
//! the first call in the queue, and never counts as free. No waker is cloned, woken or dropped
//! under the lock, because a waker runs foreign code.
//!
//! A call that takes a slot without the lock reads the limit again when it has the slot, and
//! releases the slot if there are now too many calls inside. All operations are sequentially
//! consistent: either the call sees the new limit, or the thread that lowers the limit sees the
//! call inside.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::Ordering::SeqCst;
use std::task::{Context, Poll, Waker};

use crate::sync::{AtomicU64, Mutex, MutexGuard, lock, nounwind, wake};

/// One waiting call in the occupancy word: a one in the high half.
const WAITER: u64 = 1 << 32;

/// Slots of one bulkhead.
#[derive(Debug)]
pub(super) struct Slots {
    occupancy: AtomicU64,
    /// Number of slots in the code.
    declared: u32,
    /// Number of slots in force.
    limit: AtomicU64,
    queue: Mutex<Queue>,
}

/// Number of calls inside and of waiting calls, at one moment.
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

/// Guard of a slot that a call has taken. Dropping it releases the slot.
#[derive(Debug)]
#[must_use]
pub(super) struct Slot<'a>(&'a Slots);

impl Drop for Slot<'_> {
    #[inline]
    fn drop(&mut self) {
        if !self.0.try_release() {
            self.0.release();
        }
    }
}

impl Slots {
    pub(super) const fn new(limit: u32) -> Self {
        Self {
            occupancy: AtomicU64::new(0),
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

    /// Returns separate slots with the same declared and configured limit.
    pub(super) fn fresh(&self) -> Self {
        let configured = self.lock().configured;
        let limit = configured.unwrap_or(self.declared);
        let queue = Queue { next: 0, waiters: BTreeMap::new(), configured, resized: None };
        Self {
            occupancy: AtomicU64::new(0),
            declared: self.declared,
            limit: AtomicU64::new(limit.into()),
            queue: Mutex::new(queue),
        }
    }

    /// Sets the number of slots in the code, before any call has entered.
    pub(super) const fn declare(&mut self, limit: u32) {
        self.declared = limit;
        self.limit = AtomicU64::new(limit as u64);
    }

    #[expect(clippy::cast_possible_truncation, reason = "was a `u32`")]
    #[inline]
    pub(super) fn limit(&self) -> u32 {
        self.limit.load(SeqCst) as u32
    }

    /// Returns the limit that was set by hand.
    pub(super) fn resized(&self) -> Option<u32> {
        self.lock().resized
    }

    /// Sets the limit by hand; `None` undoes this. Returns the limits before and after.
    pub(super) fn resize(&self, limit: Option<u32>) -> (u32, u32) {
        let mut queue = self.lock();
        let from = queue.limit_or(self.declared);
        queue.resized = limit;
        let to = queue.limit_or(self.declared);
        let served = self.apply_limit(queue);
        served.into_iter().for_each(wake);
        (from, to)
    }

    /// Sets the limit by a configuration; `None` undoes this. A limit that was set by hand stays in
    /// force. Returns the wakers of the calls that got a slot.
    #[cfg(feature = "toml")]
    pub(super) fn configure(&self, limit: Option<u32>) -> Vec<Waker> {
        let mut queue = self.lock();
        queue.configured = limit;
        self.apply_limit(queue)
    }

    /// Puts the limit in force. Calls inside stay. New slots go to the waiting calls in the order
    /// of their arrival. Returns the wakers of these calls.
    fn apply_limit(&self, mut queue: MutexGuard<'_, Queue>) -> Vec<Waker> {
        let limit = queue.limit_or(self.declared);
        self.limit.store(limit.into(), SeqCst);
        let mut served = Vec::new();
        // While calls wait, only the owner of the lock changes the occupancy.
        while Occupancy::of(self.occupancy.load(SeqCst)).active < limit
            && let Some(waker) = queue.pop()
        {
            self.occupancy.fetch_sub(WAITER - 1, SeqCst);
            served.push(waker);
        }
        served
    }

    pub(super) fn count(&self) -> Occupancy {
        Occupancy::of(self.occupancy.load(SeqCst))
    }

    /// Takes a free slot, if there is one and no call waits for it.
    #[inline]
    pub(super) fn try_enter(&self) -> Option<Slot<'_>> {
        let mut word = self.occupancy.load(SeqCst);
        loop {
            let count = Occupancy::of(word);
            if count.waiting > 0 || count.active >= self.limit() {
                return None;
            }
            match self.occupancy.compare_exchange_weak(word, word + 1, SeqCst, SeqCst) {
                Ok(_) => {
                    let slot = Slot(self);
                    return (count.active < self.limit()).then_some(slot);
                }
                Err(now) => word = now,
            }
        }
    }

    /// Waits for a slot, in the order of arrival. Returns `None` at once if `max_queue` calls
    /// already wait. If the future is dropped, neither a slot nor a turn is lost.
    pub(super) const fn enter(&self, max_queue: u32) -> Enter<'_> {
        Enter { slots: self, max_queue, ticket: None }
    }

    /// Takes a slot, or joins the queue and returns a ticket (`Err`). Returns `Ok(None)` if the
    /// queue is full.
    fn join(&self, max_queue: u32, waker: Waker) -> Result<Option<Slot<'_>>, QueueTicket<'_>> {
        let mut queue = self.lock();
        let limit = self.limit();
        let mut word = self.occupancy.load(SeqCst);
        loop {
            let count = Occupancy::of(word);
            let is_free = count.waiting == 0 && count.active < limit;
            if !is_free && count.waiting >= max_queue {
                return Ok(None);
            }
            let next = if is_free { word + 1 } else { word + WAITER };
            match self.occupancy.compare_exchange_weak(word, next, SeqCst, SeqCst) {
                Ok(_) if is_free => return Ok(Some(Slot(self))),
                Ok(_) => {
                    let number = queue.push(waker);
                    return Err(QueueTicket { slots: self, number, served: false });
                }
                Err(now) => word = now,
            }
        }
    }

    /// Frees a slot, if no call waits for it.
    #[inline]
    fn try_release(&self) -> bool {
        let mut word = self.occupancy.load(SeqCst);
        while Occupancy::of(word).waiting == 0 {
            match self.occupancy.compare_exchange_weak(word, word - 1, SeqCst, SeqCst) {
                Ok(_) => return true,
                Err(now) => word = now,
            }
        }
        false
    }

    nounwind! {
        /// Hands a slot to the first waiting call, or frees it.
        // If it could unwind, a successful call of `#[bulkhead]` would cost 128 instructions
        // instead of 114.
        #[cold]
        fn release(&self) {
            while !self.try_release() {
                let mut queue = self.lock();
                let count = Occupancy::of(self.occupancy.load(SeqCst));
                if count.waiting > 0 && count.active > self.limit() {
                    // The limit was lowered, so this slot is not handed on.
                    self.occupancy.fetch_sub(1, SeqCst);
                    return;
                }
                // `None`: all waiting calls have given up in the meantime.
                if let Some(waker) = queue.pop() {
                    // The slot has a new owner: one call fewer waits, and as many are inside.
                    self.occupancy.fetch_sub(WAITER, SeqCst);
                    drop(queue);
                    wake(waker);
                    return;
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        lock(&self.queue)
    }
}

/// Future of [`Slots::enter`].
#[derive(Debug)]
pub(super) struct Enter<'a> {
    slots: &'a Slots,
    max_queue: u32,
    /// Set from the first poll on, if the call has to wait.
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

/// Queue of the waiting calls, under the lock. A call that gives up removes its entry.
#[derive(Debug)]
struct Queue {
    /// Number of the next ticket.
    next: u64,
    /// Wakers of the calls whose ticket has neither been served nor given up.
    waiters: BTreeMap<u64, Waker>,
    /// Limit that a configuration has set.
    configured: Option<u32>,
    /// Limit that was set by hand.
    resized: Option<u32>,
}

impl Queue {
    fn limit_or(&self, declared: u32) -> u32 {
        self.resized.or(self.configured).unwrap_or(declared)
    }

    fn push(&mut self, waker: Waker) -> u64 {
        let number = self.next;
        self.next += 1;
        self.waiters.insert(number, waker);
        number
    }

    /// Removes the first call from the queue, which serves its ticket.
    fn pop(&mut self) -> Option<Waker> {
        Some(self.waiters.pop_first()?.1)
    }
}

/// Turn in the queue. If it is dropped before it is served, it gives up the turn. If it is dropped
/// after it was served, but before its call has seen the slot, it releases the slot.
#[derive(Debug)]
struct QueueTicket<'a> {
    slots: &'a Slots,
    number: u64,
    /// Set when the call has seen its slot.
    served: bool,
}

impl<'a> QueueTicket<'a> {
    fn poll(&mut self, waker: &Waker) -> Poll<Slot<'a>> {
        let mut new = None;
        loop {
            let mut queue = self.slots.lock();
            let Some(current) = queue.waiters.get_mut(&self.number) else {
                self.served = true;
                return Poll::Ready(Slot(self.slots));
            };
            if current.will_wake(waker) {
                return Poll::Pending;
            }
            if let Some(new) = new {
                let old = std::mem::replace(current, new);
                drop(queue);
                drop(old);
                return Poll::Pending;
            }
            // The waker is cloned without the lock, then the ticket is checked again.
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
            return self.slots.release();
        };
        self.slots.occupancy.fetch_sub(WAITER, SeqCst);
        drop(queue);
        drop(waker);
    }
}
