//! Counters that many threads write, each in a place of its own: two threads that wrote to one cache line would wait for each other.

use std::sync::atomic::AtomicU64;

use crate::sync::thread_number;

/// One `T` for each of a few groups of threads, each on a cache line of its own.
#[derive(Debug)]
pub(crate) struct Striped<T>(Box<[Line<T>]>);

/// As long as what processors fetch at a time: two lines of 64 bytes on x86-64, one of 128 on Apple's.
#[derive(Debug)]
#[repr(align(128))]
struct Line<T>(T);

/// As many stripes as there are processors, eight at most.
pub(crate) fn stripes<T>(make: impl Fn() -> T) -> Striped<T> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    Striped((0..processors.min(8).next_power_of_two()).map(|_| Line(make())).collect())
}

impl<T> Striped<T> {
    /// The stripe of this thread.
    pub(crate) fn mine(&self) -> &T {
        &self.0[thread_number() & (self.0.len() - 1)].0
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|line| &line.0)
    }
}

/// The same for a `static`: as many stripes as can be afforded for each annotated function.
#[derive(Debug)]
pub(crate) struct Stripes<T>([Line<T>; STRIPES]);

const STRIPES: usize = 4;

impl<const N: usize> Stripes<[AtomicU64; N]> {
    pub(crate) const fn zero() -> Self {
        Self([const { Line([const { AtomicU64::new(0) }; N]) }; STRIPES])
    }
}

impl<T> Stripes<T> {
    /// The stripe of this thread.
    pub(crate) fn mine(&self) -> &T {
        &self.0[thread_number() % STRIPES].0
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|line| &line.0)
    }
}
