//! A breaker under a model check.

use std::time::Duration;

use crate::outcome::Verdict;
use crate::policy::circuit_breaker::machine::{Recorded, Ticket, Transition};
use crate::policy::circuit_breaker::shared::Shared;
use crate::policy::circuit_breaker::word::Pass;
use crate::state::State;
use crate::sync::Reloadable;
use crate::time::Nanos;
use resilience_options::CircuitBreakerOptions;
use shuttle::sync::Arc;
use shuttle::sync::atomic::{AtomicU32, Ordering::SeqCst};
use shuttle::thread;

const ITERATIONS: usize = 2_000;

/// When everything happens that does not happen [`later`](Subject::later).
pub(super) const START: Nanos = Nanos::FIRST;

pub(super) fn check(scenario: impl Fn() + Send + Sync + Copy + 'static) {
    shuttle::check_random(scenario, ITERATIONS);
    shuttle::check_pct(scenario, ITERATIONS, 3);
}

/// A breaker at a time that stands still unless a test says otherwise, with the transitions its
/// steps have told of.
pub(super) struct Subject {
    pub(super) shared: Shared,
    pub(super) settings: Reloadable<CircuitBreakerOptions>,
    opened: AtomicU32,
    half_opened: AtomicU32,
    closed: AtomicU32,
}

impl Subject {
    pub(super) fn new(settings: CircuitBreakerOptions) -> Arc<Self> {
        let zero = || AtomicU32::new(0);
        Arc::new(Self {
            shared: Shared::new(&settings),
            settings: Reloadable::new(settings),
            opened: zero(),
            half_opened: zero(),
            closed: zero(),
        })
    }

    /// When an open breaker lets probes through.
    pub(super) fn later(&self) -> Nanos {
        START.after(self.settings.get().open_for())
    }

    pub(super) fn admit(&self, now: Nanos) -> Option<Pass> {
        let word = self.shared.word();
        if let Some(pass) = word.pass_traceless().or_else(|| word.pass_tallied()) {
            return Some(pass);
        }
        if word.is_open() && self.shared.turn_away(word, || now).is_some() {
            return None;
        }
        if let Some(pass) = self.shared.word().pass() {
            return Some(pass);
        }
        let (admitted, transition) = self.shared.admit(&self.settings, now);
        self.count(transition);
        admitted.ok()
    }

    pub(super) fn record(&self, pass: Pass, verdict: Verdict, now: Nanos) {
        let ticket = pass.ticket();
        let recorded = match (ticket, verdict) {
            (_, Verdict::Success)
                if self.shared.is_traceless(pass) || self.shared.tally_by_pass(pass, || now) =>
            {
                true
            }
            (Ticket::Regular { generation }, Verdict::Success)
                if self.settings.get().counts_successes() =>
            {
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

    pub(super) fn count(&self, transition: Option<Transition>) {
        if let Some(Transition { to, .. }) = transition {
            let counter = match to {
                State::Open => &self.opened,
                State::HalfOpen => &self.half_opened,
                _ => &self.closed,
            };
            counter.fetch_add(1, SeqCst);
        }
    }

    pub(super) fn transitions(&self) -> [u32; 3] {
        [&self.opened, &self.half_opened, &self.closed].map(|counter| counter.load(SeqCst))
    }

    /// The number of transitions so far, to itself included.
    pub(super) fn generation(&self) -> u64 {
        (0..99).find(|generation| self.shared.holds(*generation)).expect("there are no more")
    }

    pub(super) fn open(&self) {
        while self.shared.state() == State::Closed {
            let ticket = self.admit(START).expect("closed");
            self.record(ticket, Verdict::Failure, START);
        }
        assert_eq!(self.shared.state(), State::Open);
    }
}

pub(super) fn settings() -> CircuitBreakerOptions {
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
