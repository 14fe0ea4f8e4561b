//! Model checks of the shared state machine: two and three threads, every schedule that is reached.

use std::time::Duration;

use shuttle::sync::Arc;
use shuttle::sync::atomic::{AtomicU32, Ordering::SeqCst};
use shuttle::thread;
use tokio::time::Instant;

use super::machine::{Recorded, Ticket, Transition};
use super::settings::Settings;
use super::shared::Shared;
use super::state::State;
use crate::classify::Verdict;

const ITERATIONS: usize = 5_000;

fn check(scenario: impl Fn() + Send + Sync + Copy + 'static) {
    shuttle::check_random(scenario, ITERATIONS);
    shuttle::check_pct(scenario, ITERATIONS, 3);
}

/// A breaker at a time that stands still unless a test says otherwise, with the transitions its steps have told of.
struct Subject {
    shared: Shared,
    settings: Settings,
    start: Instant,
    opened: AtomicU32,
    half_opened: AtomicU32,
    closed: AtomicU32,
}

impl Subject {
    fn new(settings: Settings) -> Arc<Self> {
        let zero = || AtomicU32::new(0);
        Arc::new(Self {
            shared: Shared::new(),
            settings,
            start: Instant::now(),
            opened: zero(),
            half_opened: zero(),
            closed: zero(),
        })
    }

    /// When an open breaker lets probes through.
    fn later(&self) -> Instant {
        self.start + self.settings.open_for
    }

    fn admit(&self, now: Instant) -> Option<Ticket> {
        if let Some(ticket) = self.shared.admit_closed() {
            return Some(ticket);
        }
        let (admitted, transition) = self.shared.admit(&self.settings, now);
        self.count(transition);
        admitted.ok()
    }

    fn record(&self, ticket: Ticket, verdict: Verdict, now: Instant) {
        if !self.shared.is_silent(ticket, verdict)
            && let Recorded::Counted(transition) = self.shared.record(&self.settings, ticket, verdict, now)
        {
            self.count(transition);
        }
    }

    fn count(&self, transition: Option<Transition>) {
        if let Some(Transition { to, .. }) = transition {
            let counter = match to {
                State::Open => &self.opened,
                State::HalfOpen => &self.half_opened,
                _ => &self.closed,
            };
            counter.fetch_add(1, SeqCst);
        }
    }

    fn transitions(&self) -> [u32; 3] {
        [&self.opened, &self.half_opened, &self.closed].map(|counter| counter.load(SeqCst))
    }

    fn open(&self) {
        for _ in 0..self.settings.failure_threshold {
            let ticket = self.admit(self.start).expect("closed");
            self.record(ticket, Verdict::Failure, self.start);
        }
        assert_eq!(self.shared.state(), State::Open);
    }
}

fn settings() -> Settings {
    Settings {
        failure_threshold: 2,
        success_threshold: 2,
        open_for: Duration::from_secs(1),
        ..Settings::DEFAULT
    }
}

fn on_threads(subject: &Arc<Subject>, count: usize, call: impl Fn(&Subject, usize) + Send + Copy + 'static) {
    let threads: Vec<_> = (0..count)
        .map(|nth| {
            let subject = Arc::clone(subject);
            thread::spawn(move || call(&subject, nth))
        })
        .collect();
    for thread in threads {
        thread.join().expect("no thread panics");
    }
}

#[test]
fn failures_at_once_open_the_breaker_once() {
    check(|| {
        let subject = Subject::new(settings());
        on_threads(&subject, 3, |subject, _| {
            if let Some(ticket) = subject.admit(subject.start) {
                subject.record(ticket, Verdict::Failure, subject.start);
            }
        });
        assert_eq!(subject.shared.state(), State::Open);
        assert_eq!(subject.transitions(), [1, 0, 0]);
    });
}

#[test]
fn never_more_probes_in_flight_than_allowed() {
    check(|| {
        let subject = Subject::new(Settings { success_threshold: 9, ..settings() });
        subject.open();
        let inside = Arc::new(AtomicU32::new(0));
        let threads: Vec<_> = (0..3)
            .map(|nth| {
                let (subject, inside) = (Arc::clone(&subject), Arc::clone(&inside));
                thread::spawn(move || {
                    let Some(ticket) = subject.admit(subject.later()) else { return };
                    assert_eq!(inside.fetch_add(1, SeqCst), 0, "two probes in flight");
                    thread::yield_now();
                    inside.fetch_sub(1, SeqCst);
                    let verdict = if nth == 0 { Verdict::Ignored } else { Verdict::Success };
                    subject.record(ticket, verdict, subject.later());
                })
            })
            .collect();
        for thread in threads {
            thread.join().expect("no thread panics");
        }
        let reading = subject.shared.read(&subject.settings, subject.later());
        assert_eq!(reading.state, State::HalfOpen);
        assert_eq!(reading.probes, 0, "a place was lost");
        assert_eq!(subject.transitions(), [1, 1, 0]);
    });
}

#[test]
fn results_of_an_earlier_generation_change_nothing() {
    check(|| {
        let subject = Subject::new(Settings { success_threshold: 1, ..settings() });
        let late = subject.admit(subject.start).expect("closed");
        subject.open();
        on_threads(&subject, 2, move |subject, nth| {
            if nth == 0 {
                return subject.record(late, Verdict::Failure, subject.later());
            }
            let probe = subject.admit(subject.later()).expect("the only probe");
            subject.record(probe, Verdict::Success, subject.later());
        });
        let reading = subject.shared.read(&subject.settings, subject.later());
        assert_eq!((reading.state, reading.failures, reading.stale), (State::Closed, 0, 1));
        assert_eq!(subject.transitions(), [1, 1, 1]);
    });
}

#[test]
fn no_schedule_of_probes_leaves_the_breaker_stuck() {
    check(|| {
        let subject = Subject::new(settings());
        subject.open();
        on_threads(&subject, 3, |subject, nth| {
            if let Some(probe) = subject.admit(subject.later()) {
                let verdict = if nth == 0 { Verdict::Failure } else { Verdict::Success };
                subject.record(probe, verdict, subject.later());
            }
        });
        // Whatever happened, well-behaved calls close it within an open spell.
        let after = subject.later() + subject.settings.open_for;
        for _ in 0..subject.settings.success_threshold {
            let ticket = subject.admit(after).expect("a place is free");
            subject.record(ticket, Verdict::Success, after);
        }
        assert_eq!(subject.shared.state(), State::Closed);
    });
}

#[test]
fn forced_open_is_not_undone_by_calls_on_their_way() {
    check(|| {
        let subject = Subject::new(settings());
        on_threads(&subject, 3, |subject, nth| match nth {
            0 => subject.count(subject.shared.set(State::ForcedOpen)),
            _ => {
                if let Some(ticket) = subject.admit(subject.start) {
                    subject.record(ticket, Verdict::Failure, subject.start);
                }
            }
        });
        assert_eq!(subject.shared.state(), State::ForcedOpen);
        assert_eq!(subject.admit(subject.later()).map(|ticket| ticket.generation), None);
    });
}
