//! A breaker under a model check.

use std::time::Duration;

use resilience_options::CircuitBreakerOptions;

use crate::function::Function;
use crate::outcome::{Cause, ErrorText, Verdict};
use crate::policy::circuit_breaker::engine::Engine;
use crate::policy::circuit_breaker::machine::Transition;
use crate::policy::circuit_breaker::open_keys::KeysNow;
use crate::policy::circuit_breaker::pass::Pass;
use crate::policy::circuit_breaker::passage::{self, Breaker};
use crate::policy::circuit_breaker::phase::Phase;
use crate::policy::circuit_breaker::rejection::Rejection;
use crate::state::{State, TransitionReason};
use crate::time::Nanos;
use shuttle::sync::Arc;
use shuttle::sync::atomic::{AtomicU32, Ordering::SeqCst};
use shuttle::thread;

const ITERATIONS: usize = 2_000;

/// The time of everything that does not happen [`later`](Subject::later).
pub(super) const START: Nanos = Nanos::FIRST;

pub(super) fn check(scenario: impl Fn() + Send + Sync + Copy + 'static) {
    check_times(ITERATIONS, scenario);
}

/// The same with another number of schedules, for one of many scenarios.
pub(super) fn check_times(iterations: usize, scenario: impl Fn() + Send + Sync + Copy + 'static) {
    shuttle::check_random(scenario, iterations);
    shuttle::check_pct(scenario, iterations, 3);
}

/// The engine of a breaker, with the number of transitions that its observers have seen.
pub(super) struct Subject {
    pub(super) engine: Engine,
    opened: AtomicU32,
    half_opened: AtomicU32,
    closed: AtomicU32,
    last_seen: std::sync::Mutex<Option<Transition>>,
}

/// A paused clock, and an observer that counts.
#[derive(Clone, Copy)]
struct At<'a> {
    subject: &'a Subject,
    now: Nanos,
}

impl Breaker for At<'_> {
    fn engine(&self) -> &Engine {
        &self.subject.engine
    }

    fn now(self) -> Nanos {
        self.now
    }

    fn on_transition(self, transition: Transition, _: Option<ErrorText>) {
        self.subject.on_transition(transition);
    }

    fn on_kept_closed(self, _: TransitionReason, _: KeysNow, _: Option<ErrorText>) {}

    fn on_rejection(self, _: Option<&Function>, _: Rejection) {}

    fn on_stale_result(self) {}
}

impl Subject {
    pub(super) fn new(options: CircuitBreakerOptions) -> Arc<Self> {
        let zero = || AtomicU32::new(0);
        Arc::new(Self {
            engine: Engine::new(options),
            opened: zero(),
            half_opened: zero(),
            closed: zero(),
            last_seen: std::sync::Mutex::new(None),
        })
    }

    /// The time at which an open breaker admits probes.
    pub(super) fn later(&self) -> Nanos {
        START.after(self.engine.options.get().open_for())
    }

    pub(super) fn admit(&self, now: Nanos) -> Result<Pass, Rejection> {
        passage::admit(At { subject: self, now }, None)
    }

    pub(super) fn record(&self, pass: Pass, verdict: Verdict, now: Nanos) {
        passage::record(At { subject: self, now }, pass, verdict, Cause::UNKNOWN);
    }

    /// Sets the state by hand.
    pub(super) fn set(&self, to: State) {
        if self.engine.set(by_hand(to)).is_some() {
            passage::deliver(At { subject: self, now: START });
        }
    }

    /// Transitions are delivered in order: each begins where the one before ended, and the last one
    /// leads to the state.
    fn on_transition(&self, transition: Transition) {
        let seen = (transition.from, transition.generation);
        let before = self.last_seen.lock().expect("no panic").replace(transition);
        if let Some(before) = before {
            assert!(before.generation < transition.generation, "{before:?}, {transition:?}");
            assert_eq!((before.to, transition.generation), seen, "{before:?}, {transition:?}");
        }
        let counter = match transition.to {
            State::Open => &self.opened,
            State::HalfOpen => &self.half_opened,
            _ => &self.closed,
        };
        counter.fetch_add(1, SeqCst);
    }

    /// Numbers of transitions to open, to half-open, and to any other state.
    pub(super) fn transitions(&self) -> [u32; 3] {
        [&self.opened, &self.half_opened, &self.closed].map(|counter| counter.load(SeqCst))
    }

    /// The reason of the last transition of which the observers know.
    pub(super) fn seen_reason(&self) -> Option<TransitionReason> {
        self.last_seen.lock().expect("no panic").map(|seen| seen.reason)
    }

    /// The state of which the observers know.
    pub(super) fn seen_state(&self) -> State {
        self.last_seen.lock().expect("no panic").map_or(State::Closed, |seen| seen.to)
    }

    pub(super) fn open(&self) {
        while self.engine.state() == State::Closed {
            let pass = self.admit(START).expect("closed");
            self.record(pass, Verdict::Failure, START);
        }
        assert_eq!(self.engine.state(), State::Open);
    }
}

/// The beginning of a state that is set by hand.
pub(super) fn by_hand(state: State) -> Phase {
    match state {
        State::Closed => Phase::closed(),
        State::ForcedOpen => Phase::ForcedOpen,
        State::Disabled => Phase::Disabled,
        State::Open | State::HalfOpen => panic!("{state} is not set by hand"),
    }
}

/// Options of a breaker that counts failures.
pub(super) fn options() -> CircuitBreakerOptions {
    CircuitBreakerOptions {
        failure_threshold: Some(2),
        success_threshold: Some(2),
        open_for: Some(Duration::from_secs(1)),
        ..CircuitBreakerOptions::NONE
    }
}

pub(super) fn on_threads(
    subject: &Arc<Subject>,
    count: usize,
    call: impl Fn(&Subject, usize) + Send + Copy + 'static,
) {
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
