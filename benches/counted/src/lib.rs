//! The measured calls: through our layers, and through the same layers written by hand.

pub mod hand;
pub mod ours;
mod work;

use std::future::Future;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

pub use work::{ApiError, Result, fails, fails_twice, opaque, work};

/// Kind of call that is measured.
pub struct Subject {
    /// Name of the layer around the work, or of all five.
    pub layer: &'static str,
    /// Name of the implementation.
    pub who: &'static str,
    /// Size of the call's future in bytes.
    pub size: usize,
    /// Kinds of work to measure: `true` for work that suspends once.
    pub works: &'static [bool],
    run: Box<dyn Fn(bool, u64) + Send + Sync>,
}

/// Returns the name of the work, which suspends once or not at all.
#[must_use]
pub const fn name_of_work(suspends: bool) -> &'static str {
    if suspends { "suspends once" } else { "ready" }
}

impl Subject {
    /// Creates a subject that makes its calls by `call`. The argument of `call` is `true` if the
    /// work should suspend once. The output of the call is ignored.
    pub fn new<F: Future>(
        layer: &'static str,
        who: &'static str,
        call: impl Fn(bool) -> F + Send + Sync + 'static,
    ) -> Self {
        // The type of the future is the same for both kinds of work.
        let size = size_of_val(&call(false));
        let run = Box::new(move |suspends, calls| {
            for _ in 0..calls {
                black_box(poll_to_end(call(black_box(suspends))));
            }
        });
        Self { layer, who, size, works: &[false, true], run }
    }

    /// Returns the subject for calls that never reach the work.
    #[must_use]
    pub fn without_work(self) -> Self {
        Self { works: &[false], ..self }
    }

    /// Returns `true` if the subject is measured with work that suspends.
    #[must_use]
    pub fn suspends(&self) -> bool {
        self.works.contains(&true)
    }

    /// Returns the allocations per call, rounded up: one in a thousand calls would be too many.
    #[must_use]
    pub fn allocations(&self, suspends: bool) -> u64 {
        const CALLS: u64 = 1000;
        // The first calls are not counted: they set things up, and fill the list of a window.
        self.run(suspends, 100);
        allocation_counter::measure(|| self.run(suspends, CALLS)).count_total.div_ceil(CALLS)
    }

    /// Makes this number of calls, one after the other. Must be called within a runtime.
    pub fn run(&self, suspends: bool, calls: u64) {
        (self.run)(suspends, calls);
    }
}

/// Polls a future on the stack until it is ready, so that no executor is measured.
pub fn poll_to_end<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

/// Polls a future once and leaks it, so that it keeps its slot forever.
///
/// # Panics
///
/// Panics if the future is ready.
pub fn hold_for_ever<F: Future + 'static>(future: F) {
    let future = Box::leak(Box::new(future));
    let held = Pin::static_mut(future).poll(&mut Context::from_waker(Waker::noop()));
    assert!(held.is_pending());
}

/// Returns the work without any layer.
#[must_use]
pub fn bare() -> Subject {
    Subject::new("bare call", "nobody", work)
}

/// Returns all subjects of this library and all by hand, after the bare call.
#[must_use]
pub fn all() -> Vec<Subject> {
    let mut all = vec![bare()];
    for subjects in [ours::subjects(), hand::subjects(), ours::failing(), hand::failing()] {
        all.extend(subjects);
    }
    all
}
