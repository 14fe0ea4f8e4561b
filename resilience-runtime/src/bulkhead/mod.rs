//! `#[bulkhead]`: at most so many calls inside at once, the others wait their turn or are turned away.

#[cfg(test)]
mod model;
mod queue;

use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Error, Failure};
use crate::event::Event;
use crate::expiry::Expiry;
use crate::function::{Counter, Function};
use crate::live::Live;
use queue::{Place, Places};

/// A limit on the calls that are inside a dependency at once, shared by every function that names it.
///
/// A slow dependency fills its own bulkhead and no other: what waits for it is bounded, and the rest of the service
/// goes on. Declared once, as a `static`:
///
/// ```
/// use resilience::{Bulkhead, bulkhead};
/// use std::time::Duration;
///
/// static PAYMENT_POOL: Bulkhead =
///     Bulkhead::new("payment").max_concurrent(5).max_wait(Duration::from_millis(200));
/// # #[derive(Debug)] struct ApiError;
/// # impl From<resilience::Error> for ApiError { fn from(_: resilience::Error) -> Self { Self } }
///
/// #[bulkhead(PAYMENT_POOL)]
/// async fn charge(amount: u64) -> Result<u64, ApiError> {
///     Ok(amount)
/// }
/// ```
///
/// First come, first served: nobody passes those who wait. A permit is given back when the call ends, whether by
/// an answer, an error, a panic or because its future was dropped; a waiter that is dropped leaves the queue.
#[derive(Debug)]
pub struct Bulkhead {
    name: &'static str,
    waiting: Live<Waiting>,
    places: Places,
}

/// How long calls wait, and how many.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    max_wait: Duration,
    max_queue: u32,
}

/// A [`Bulkhead`] at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct BulkheadSnapshot {
    /// How many calls may be inside.
    pub max_concurrent: u32,
    /// Calls inside.
    pub active: u32,
    /// Calls waiting for a place.
    pub waiting: u32,
    /// Places free.
    pub available: u32,
    /// `active` as a share of `max_concurrent`: from 0 to 1, and more than 1 while there are more calls inside than a
    /// [`resize`](Bulkhead::resize) has left places. What an autoscaler would look at.
    pub utilization: f64,
}

impl Bulkhead {
    /// A bulkhead with the defaults: 10 calls inside, up to 5 s of waiting, any number waiting.
    ///
    /// # Panics
    ///
    /// If the name is empty.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        assert!(
            !name.is_empty(),
            "a bulkhead's name must not be empty: errors and events call it by its name"
        );
        let waiting = Waiting { max_wait: Duration::from_secs(5), max_queue: u32::MAX };
        Self { name, waiting: Live::new(waiting), places: Places::new(10) }
    }

    /// How many calls may be inside at once. Default 10, at least 1.
    ///
    /// # Panics
    ///
    /// If `calls` is 0; in a `static`, that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn max_concurrent(mut self, calls: u32) -> Self {
        assert!(calls > 0, "max_concurrent must be at least 1: with 0 no call could ever get in");
        self.places.set_limit(calls);
        self
    }

    /// How long a call waits for a place before it is turned away. Default 5 s; zero turns it away at once.
    #[must_use]
    pub const fn max_wait(mut self, wait: Duration) -> Self {
        self.waiting.declared.max_wait = wait;
        self
    }

    /// How many calls may wait at once; one more is turned away at once. Default: any number.
    #[must_use]
    pub const fn max_queue(mut self, calls: u32) -> Self {
        self.waiting.declared.max_queue = calls;
        self
    }

    /// The name, as errors and events give it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Who is inside and who waits, now.
    #[must_use]
    pub fn snapshot(&self) -> BulkheadSnapshot {
        let (count, limit) = (self.places.count(), self.places.limit());
        BulkheadSnapshot {
            max_concurrent: limit,
            active: count.active,
            waiting: count.waiting,
            available: limit.saturating_sub(count.active),
            utilization: if limit == 0 { 1.0 } else { f64::from(count.active) / f64::from(limit) },
        }
    }

    /// Changes how many calls may be inside at once, at any time: never blocks, and turns nobody out.
    ///
    /// More places go to those who wait, in order of arrival, before this returns. With fewer, calls inside stay until they
    /// end, and nobody gets in before there are fewer of them than places. With 0 nobody gets in until it is changed again.
    pub fn resize(&self, max_concurrent: u32) {
        self.places.resize(max_concurrent);
    }

    /// Makes one call through the bulkhead, for code that no attribute fits.
    ///
    /// Dropped while it waits, it leaves the queue without a trace; dropped later, it drops the call and gives the place to the next.
    ///
    /// # Errors
    ///
    /// [`Failure::Function`] with the call's own error; [`Failure::Policy`] with [`Error::BulkheadFull`] if no
    /// place fell free in time, and `call` was not called.
    ///
    /// # Panics
    ///
    /// As all timers of tokio, if it must wait: in a runtime that was built without `enable_time`.
    pub async fn call<T, E, F>(&self, call: impl FnOnce() -> F) -> Result<T, Failure<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        let _permit = self.acquire(None).await.map_err(Failure::Policy)?;
        call().await.map_err(Failure::Function)
    }

    /// Another one, empty, with the same name and limits.
    pub(crate) fn like(&self) -> Self {
        Self {
            name: self.name,
            waiting: Live::new(self.waiting.get()),
            places: Places::new(self.places.limit()),
        }
    }

    pub(crate) async fn acquire(&self, function: Option<&Function>) -> Result<Permit<'_>, Error> {
        if let Some(place) = self.places.try_enter() {
            return Ok(Permit { _place: place });
        }
        match self.wait().await {
            Some(place) => Ok(Permit { _place: place }),
            None => Err(self.reject(function)),
        }
    }

    async fn wait(&self) -> Option<Place<'_>> {
        let Waiting { max_wait, max_queue } = self.waiting.get();
        if max_wait.is_zero() {
            return None;
        }
        let mut enter = pin!(self.places.enter(max_queue));
        let mut timer = pin!(None);
        let mut expiry = Expiry::default();
        let mut until = None;
        std::future::poll_fn(|cx| {
            // A place handed over at the last moment is taken, not refused.
            if let Poll::Ready(place) = enter.as_mut().poll(cx) {
                return Poll::Ready(place);
            }
            // `Some(None)`: so far off that no clock can tell it.
            let until = *until.get_or_insert_with(|| Instant::now().checked_add(max_wait));
            expiry.poll(cx, timer.as_mut(), until).map(|_| None)
        })
        .await
    }

    #[cold]
    fn reject(&self, function: Option<&Function>) -> Error {
        let count = self.places.count();
        if let Some(function) = function {
            function.count(Counter::BulkheadRejections);
        }
        Event::BulkheadRejected {
            name: self.name,
            function: function.map(Function::path),
            active: count.active,
            waiting: count.waiting,
        }
        .emit();
        Error::BulkheadFull { name: self.name, active: count.active, waiting: count.waiting }
    }
}

/// A place inside a bulkhead; dropping it gives the place to the next in the queue.
#[derive(Debug)]
#[must_use = "the place is given back when this is dropped"]
pub struct Permit<'a> {
    _place: Place<'a>,
}
