//! Model checks of the shared state machine: two and three threads, every schedule that is reached.

use std::time::Duration;

use super::machine::{Recorded, Ticket, Transition};
use super::settings::Settings;
use super::shared::Shared;
use super::state::State;
use crate::classify::Verdict;
use crate::live::Live;
use crate::tick::Tick;
use shuttle::sync::Arc;
use shuttle::sync::atomic::{AtomicU32, Ordering::SeqCst};
use shuttle::thread;

const ITERATIONS: usize = 5_000;

/// When everything happens that does not happen [`later`](Subject::later).
const START: Tick = Tick::FIRST;

fn check(scenario: impl Fn() + Send + Sync + Copy + 'static) {
    shuttle::check_random(scenario, ITERATIONS);
    shuttle::check_pct(scenario, ITERATIONS, 3);
}

/// A breaker at a time that stands still unless a test says otherwise, with the transitions its steps have told of.
struct Subject {
    shared: Shared,
    settings: Live<Settings>,

    opened: AtomicU32,
    half_opened: AtomicU32,
    closed: AtomicU32,
}

impl Subject {
    fn new(settings: Settings) -> Arc<Self> {
        let zero = || AtomicU32::new(0);
        Arc::new(Self {
            shared: Shared::new(&settings),
            settings: Live::new(settings),
            opened: zero(),
            half_opened: zero(),
            closed: zero(),
        })
    }

    /// When an open breaker lets probes through.
    fn later(&self) -> Tick {
        START.after(self.settings.get().open_for())
    }

    fn admit(&self, now: Tick) -> Option<Ticket> {
        if let Some(generation) = self.shared.admit_traceless() {
            return Some(Ticket::Regular { generation });
        }
        if let Some(ticket) = self.shared.admit_closed() {
            return Some(ticket);
        }
        let (admitted, transition) = self.shared.admit(&self.settings, now);
        self.count(transition);
        admitted.ok()
    }

    fn record(&self, ticket: Ticket, verdict: Verdict, now: Tick) {
        let recorded = match (ticket, verdict) {
            (Ticket::Regular { generation }, Verdict::Success) if self.shared.is_traceless(generation) => {
                true
            }
            (Ticket::Regular { generation }, Verdict::Success) if self.settings.get().counts_successes() => {
                self.shared.tally(generation, now)
            }
            (Ticket::Regular { generation }, Verdict::Success | Verdict::Ignored) => {
                self.shared.holds(generation)
            }
            _ => false,
        };
        if !recorded
            && let Recorded::Counted(transition) =
                self.shared.record(&self.settings, ticket, verdict, false, now)
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
        while self.shared.state() == State::Closed {
            let ticket = self.admit(START).expect("closed");
            self.record(ticket, Verdict::Failure, START);
        }
        assert_eq!(self.shared.state(), State::Open);
    }
}

fn settings() -> Settings {
    Settings {
        failure_threshold: Some(2),
        success_threshold: 2,
        open_for: Some(Duration::from_secs(1)),
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
            if let Some(ticket) = subject.admit(START) {
                subject.record(ticket, Verdict::Failure, START);
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
        let late = subject.admit(START).expect("closed");
        subject.open();
        on_threads(&subject, 2, move |subject, nth| {
            if nth == 0 {
                return subject.record(late, Verdict::Failure, subject.later());
            }
            let probe = subject.admit(subject.later()).expect("the only probe");
            subject.record(probe, Verdict::Success, subject.later());
        });
        let reading = subject.shared.read(&subject.settings, subject.later());
        assert_eq!((reading.state, reading.counts.failures, reading.stale), (State::Closed, 0, 1));
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
        let after = subject.later().after(subject.settings.get().open_for());
        for _ in 0..subject.settings.get().success_threshold {
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
            0 => subject.count(subject.shared.set(&subject.settings, State::ForcedOpen)),
            _ => {
                if let Some(ticket) = subject.admit(START) {
                    subject.record(ticket, Verdict::Failure, START);
                }
            }
        });
        assert_eq!(subject.shared.state(), State::ForcedOpen);
        assert!(subject.admit(subject.later()).is_none());
    });
}

/// A breaker that takes a rate of at least four calls.
fn rate(settings: Settings) -> Settings {
    Settings {
        failure_threshold: None,
        failure_rate: Some(0.5),
        minimum_calls: Some(4),
        open_for: Some(Duration::from_secs(1)),
        ..settings
    }
}

fn rates() -> [Settings; 2] {
    [rate(Settings::DEFAULT), rate(Settings { window_calls: Some(8), ..Settings::DEFAULT })]
}

#[test]
fn the_call_that_makes_them_enough_opens_the_breaker_whichever_it_is() {
    for settings in rates() {
        check(move || {
            let subject = Subject::new(settings);
            let calls = [Verdict::Failure, Verdict::Success, Verdict::Failure, Verdict::Success]
                .map(|verdict| (subject.admit(START).expect("closed"), verdict));
            on_threads(&subject, 2, move |subject, nth| {
                for (ticket, verdict) in &calls[nth * 2..][..2] {
                    subject.record(*ticket, *verdict, START);
                }
            });
            assert_eq!(subject.shared.state(), State::Open);
            assert_eq!(subject.transitions(), [1, 0, 0]);
        });
    }
}

#[test]
fn no_success_is_lost_or_counted_twice() {
    for settings in rates() {
        check(move || {
            let subject = Subject::new(Settings { minimum_calls: Some(8), ..settings });
            on_threads(&subject, 3, |subject, nth| {
                for _ in 0..2 {
                    let ticket = subject.admit(START).expect("closed");
                    let verdict = if nth == 0 { Verdict::Failure } else { Verdict::Success };
                    subject.record(ticket, verdict, START);
                }
            });
            let counts = subject.shared.read(&subject.settings, START).counts;
            assert_eq!((counts.calls, counts.failures), (6, 2));
        });
    }
}

#[test]
fn a_success_counts_in_its_own_generation_only() {
    for settings in rates() {
        check(move || {
            let subject = Subject::new(settings);
            let first = subject.admit(START).expect("closed");
            subject.record(first, Verdict::Success, START);
            let late = subject.admit(START).expect("closed");
            on_threads(&subject, 2, move |subject, nth| {
                if nth == 0 {
                    return subject.record(late, Verdict::Success, START);
                }
                subject.shared.set(&subject.settings, State::Closed);
                let ticket = subject.admit(START).expect("closed");
                subject.record(ticket, Verdict::Success, START);
            });
            assert_eq!(subject.shared.read(&subject.settings, START).counts.calls, 1);
        });
    }
}

#[test]
fn a_slice_that_ends_loses_no_success() {
    check(|| {
        let subject = Subject::new(rate(Settings::DEFAULT));
        let first = subject.admit(START).expect("closed");
        subject.record(first, Verdict::Success, START);
        on_threads(&subject, 3, |subject, nth| {
            let ticket = subject.admit(START).expect("closed");
            let now = if nth == 0 { START } else { subject.later() };
            subject.record(ticket, Verdict::Success, now);
        });
        assert_eq!(subject.shared.read(&subject.settings, subject.later()).counts.calls, 4);
    });
}
