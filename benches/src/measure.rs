//! Measurement: many short rounds over all subjects, so that a disturbance of the machine affects
//! all of them. The result is the median.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use subjects::Subject;
use tokio::runtime::Handle;

/// Measured cost of a subject.
pub(crate) struct Measured<'a> {
    pub(crate) subject: &'a Subject,
    /// Nanoseconds per call, with work that is ready immediately.
    pub(crate) ready: f64,
    /// Nanoseconds per call, with work that suspends once, if the subject has such work.
    pub(crate) suspended: Option<f64>,
    /// Calls of two threads at once, with ready work, as a multiple of the calls of one thread in
    /// the same time.
    pub(crate) two_threads: f64,
    /// Allocations per call: the maximum of ready and suspending work.
    pub(crate) allocations: u64,
}

const ROUNDS: usize = 41;
/// Length of a sample. It is shorter than the time slice of a busy system, so that most samples are
/// undisturbed.
const SAMPLE: Duration = Duration::from_millis(1);

pub(crate) fn all(subjects: &[Subject]) -> Vec<Measured<'_>> {
    let calls: Vec<u64> = subjects.iter().map(calls_in_a_sample).collect();
    let mut samples = vec![[const { Vec::new() }; 3]; subjects.len()];
    for round in 0..ROUNDS {
        for ((subject, calls), samples) in subjects.iter().zip(&calls).zip(&mut samples) {
            samples[0].push(time_per_call(subject, false, *calls));
            samples[1].push(time_per_call(subject, subject.suspends(), *calls));
            // A longer sample, so that both threads have begun before one of them ends. Only in
            // some rounds, because some subjects take a hundred times as long on two threads.
            if round % 5 == 0 {
                samples[2].push(time_per_call_on_two_threads(subject, 4 * calls));
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

/// Returns the nanoseconds per unit, where `run` does `units` of work.
#[expect(clippy::cast_precision_loss, reason = "far below 2⁵³")]
pub(crate) fn time_per_unit(units: u64, run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_nanos() as f64 / units as f64
}

fn time_per_call(subject: &Subject, suspends: bool, calls: u64) -> f64 {
    time_per_unit(calls, || subject.run(suspends, calls))
}

/// Returns the nanoseconds per call of the slower of two threads.
fn time_per_call_on_two_threads(subject: &Subject, calls: u64) -> f64 {
    let (runtime, start) = (Handle::current(), Barrier::new(2));
    let thread = || {
        let _inside = runtime.enter();
        subject.run(false, 1);
        start.wait();
        time_per_call(subject, false, calls)
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(thread);
        thread().max(other.join().expect("no call panics"))
    })
}

fn calls_in_a_sample(subject: &Subject) -> u64 {
    // The first call is not timed: its setup would make a sample of one call.
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
