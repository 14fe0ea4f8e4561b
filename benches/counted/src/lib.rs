//! What is measured: calls through our layers, and through what a careful engineer writes by hand for each.

pub mod hand;
pub mod ours;
mod work;

use std::future::Future;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

pub use work::{ApiError, Result, fails, fails_twice, opaque, work};

/// One way to make a call.
pub struct Subject {
    /// What is around the work: a layer, or all five.
    pub layer: &'static str,
    /// Whose layer it is.
    pub who: &'static str,
    /// How many bytes the call's future has.
    pub size: usize,
    /// With which work it is to be measured: whether it suspends.
    pub works: &'static [bool],
    run: Box<dyn Fn(bool, u64) + Send + Sync>,
}

/// What work is called that suspends once, or does not.
#[must_use]
pub const fn name_of_work(suspends: bool) -> &'static str {
    if suspends { "suspends once" } else { "ready" }
}

impl Subject {
    /// Calls made by `call`; its argument says whether the work suspends once. What comes out is not looked at.
    pub fn new<F: Future>(
        layer: &'static str,
        who: &'static str,
        call: impl Fn(bool) -> F + Send + Sync + 'static,
    ) -> Self {
        // Whether it suspends changes nothing about the type.
        let size = size_of_val(&call(false));
        let run = Box::new(move |suspends, calls| {
            for _ in 0..calls {
                black_box(poll_to_end(call(black_box(suspends))));
            }
        });
        Self { layer, who, size, works: &[false, true], run }
    }

    /// The work is not reached.
    #[must_use]
    pub fn without_work(self) -> Self {
        Self { works: &[false], ..self }
    }

    /// Whether it is to be measured with work that suspends.
    #[must_use]
    pub fn suspends(&self) -> bool {
        self.works.contains(&true)
    }

    /// Allocations of a call, rounded up: one in a thousand calls would be too many.
    #[must_use]
    pub fn allocations(&self, suspends: bool) -> u64 {
        const CALLS: u64 = 1000;
        // What is set up once is not the call's, nor is a list that has grown to what its window holds.
        self.run(suspends, 100);
        allocation_counter::measure(|| self.run(suspends, CALLS)).count_total.div_ceil(CALLS)
    }

    /// Makes so many calls, one after the other, within a runtime.
    pub fn run(&self, suspends: bool, calls: u64) {
        (self.run)(suspends, calls);
    }
}

/// Polls a future on the stack until it is ready: no executor takes part in what is measured.
pub fn poll_to_end<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

/// Polls a future once and leaves it there: it keeps what it has taken.
///
/// # Panics
///
/// If it is ready.
pub fn hold_for_ever<F: Future + 'static>(future: F) {
    let future = Box::leak(Box::new(future));
    let held = Pin::static_mut(future).poll(&mut Context::from_waker(Waker::noop()));
    assert!(held.is_pending());
}

/// The work without any layer.
#[must_use]
pub fn bare() -> Subject {
    Subject::new("bare call", "nobody", work)
}

/// All of ours and all by hand, the bare call first.
#[must_use]
pub fn all() -> Vec<Subject> {
    let mut all = vec![bare()];
    for subjects in [ours::subjects(), hand::subjects(), ours::failing(), hand::failing()] {
        all.extend(subjects);
    }
    all
}
