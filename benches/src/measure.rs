//! Measuring: many short rounds, each over all subjects, so that what disturbs the machine disturbs all of them; then the median.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use subjects::Subject;
use tokio::runtime::Handle;

/// What a subject costs, in nanoseconds a call.
pub(crate) struct Measured<'a> {
    pub(crate) subject: &'a Subject,
    /// With work that is ready at once.
    pub(crate) ready: f64,
    /// With work that suspends once, if it is measured.
    pub(crate) suspended: Option<f64>,
    /// With ready work on two threads at once, as a multiple of the calls that one thread makes in the same time.
    pub(crate) two_threads: f64,
    /// Allocations a call, ready and suspended together.
    pub(crate) allocations: u64,
}

const ROUNDS: usize = 41;
/// Shorter than what a system that has other things to do gives a thread at a time: most samples are then undisturbed.
const SAMPLE: Duration = Duration::from_millis(1);

pub(crate) fn all(subjects: &[Subject]) -> Vec<Measured<'_>> {
    let calls: Vec<u64> = subjects.iter().map(calls_in_a_sample).collect();
    let mut samples = vec![[const { Vec::new() }; 3]; subjects.len()];
    for round in 0..ROUNDS {
        for ((subject, calls), samples) in subjects.iter().zip(&calls).zip(&mut samples) {
            samples[0].push(a_call(subject, false, *calls));
            samples[1].push(a_call(subject, subject.suspends(), *calls));
            // Longer, so that both threads have begun before one ends; and seldom, as some take a hundred times as long when there are two.
            if round % 5 == 0 {
                samples[2].push(a_call_on_two_threads(subject, 4 * calls));
            }
        }
    }
    let measured = subjects.iter().zip(samples).map(|(subject, samples)| {
        let [ready, suspended, on_two_threads] = samples.map(median);
        Measured {
            subject,
            ready,
            suspended: subject.suspends().then_some(suspended),
            two_threads: 2.0 * ready / on_two_threads,
            allocations: subject.allocations(false).max(subject.allocations(subject.suspends())),
        }
    });
    measured.collect()
}

pub(crate) fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

/// Nanoseconds a unit of what `run` does `units` of.
#[expect(clippy::cast_precision_loss, reason = "far below 2⁵³")]
pub(crate) fn a_unit(units: u64, run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_nanos() as f64 / units as f64
}

fn a_call(subject: &Subject, suspends: bool, calls: u64) -> f64 {
    a_unit(calls, || subject.run(suspends, calls))
}

/// The slower of both.
fn a_call_on_two_threads(subject: &Subject, calls: u64) -> f64 {
    let (runtime, start) = (Handle::current(), Barrier::new(2));
    let thread = || {
        let _inside = runtime.enter();
        subject.run(false, 1);
        start.wait();
        a_call(subject, false, calls)
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(thread);
        thread().max(other.join().expect("no call panics"))
    })
}

fn calls_in_a_sample(subject: &Subject) -> u64 {
    // What is set up once would make one call a sample.
    subject.run(false, 1);
    let mut calls = 1;
    loop {
        let start = Instant::now();
        subject.run(false, calls);
        if start.elapsed() >= SAMPLE / 2 {
            return calls * 2;
        }
        calls *= 2;
    }
}
