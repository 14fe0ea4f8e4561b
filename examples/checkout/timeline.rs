//! Prints the events as they happen; events of one kind within a moment become one line.

use std::mem::{Discriminant, discriminant};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use resilience::{Event, ObserverGuard, State};

use crate::clock;

/// Events of one kind within this time become one line.
const MOMENT: Duration = Duration::from_millis(500);

#[derive(Clone, Default)]
pub(crate) struct Timeline(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    moment_began: Duration,
    lines: Vec<Line>,
    transitions: Vec<Transition>,
}

/// The first event of its kind in this moment, and how many there were.
struct Line {
    at: Duration,
    event: Event,
    count: u32,
}

/// A breaker has changed its state.
#[derive(Clone, Copy)]
pub(crate) struct Transition {
    pub(crate) at: Duration,
    pub(crate) name: &'static str,
    pub(crate) to: State,
}

impl Timeline {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Observes the events until the guard is dropped.
    pub(crate) fn watch(&self) -> ObserverGuard {
        let timeline = self.clone();
        resilience::observe(move |event| timeline.lock().record(event))
    }

    pub(crate) fn chapter(&self, title: &str) {
        self.lock().flush();
        println!("\n{} ── {title}", stamp(clock::now()));
    }

    /// Prints what is due.
    pub(crate) fn tick(&self) {
        let mut inner = self.lock();
        if clock::now() >= inner.moment_began + MOMENT {
            inner.flush();
        }
    }

    pub(crate) fn finish(&self) {
        self.lock().flush();
    }

    pub(crate) fn transitions(&self) -> Vec<Transition> {
        self.lock().transitions.clone()
    }

    /// Returns `true` if this breaker has reached this state since then.
    pub(crate) fn came_to(&self, name: &str, state: State, since: Duration) -> bool {
        let came_to = |one: &Transition| one.name == name && one.to == state && one.at >= since;
        self.lock().transitions.iter().any(came_to)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn record(&mut self, event: &Event) {
        let at = clock::now();
        if let Event::CircuitBreakerTransition { name, from, to, .. } = *event {
            // The events that led to the transition are printed first.
            self.flush();
            self.transitions.push(Transition { at, name, to });
            let probe = if to == State::Closed { "probes passed: " } else { "" };
            println!("{}    {probe}breaker `{name}` {from} → {to}", stamp(at));
            return;
        }
        match self.lines.iter_mut().find(|line| kind(&line.event) == kind(event)) {
            Some(line) => line.count += 1,
            None => self.lines.push(Line { at, event: event.clone(), count: 1 }),
        }
    }

    fn flush(&mut self) {
        self.moment_began = clock::now();
        for Line { at, event, count } in self.lines.drain(..) {
            println!("{}    {}", stamp(at), describe(&event, count));
        }
    }
}

/// Kind of an event: its variant, its layer, and its attempt.
fn kind(event: &Event) -> (Discriminant<Event>, &'static str, u32) {
    let (who, attempt) = match *event {
        Event::RetryScheduled { function, attempt, .. } => (function, attempt),
        Event::RetriesExhausted { function, .. }
        | Event::TimedOut { function, .. }
        | Event::FallbackUsed { function, .. } => (function, 0),
        Event::CircuitBreakerRejected { name, .. }
        | Event::BulkheadRejected { name, .. }
        | Event::StaleResult { name, .. } => (name, 0),
        _ => ("", 0),
    };
    (discriminant(event), who, attempt)
}

/// Line for `count` events of this kind.
fn describe(event: &Event, count: u32) -> String {
    let calls = if count == 1 { String::from("1 call") } else { format!("{count} calls") };
    match *event {
        Event::RetryScheduled { function, attempt, delay, .. } => {
            let more = if count == 1 {
                String::new()
            } else {
                format!(" (and {} more like it)", count - 1)
            };
            format!(
                "{}: attempt {} in {} ms{more}",
                short(function),
                attempt + 1,
                delay.as_millis()
            )
        }
        Event::RetriesExhausted { function, attempts, .. } => {
            format!("{}: {calls} failed in all {attempts} attempts", short(function))
        }
        Event::TimedOut { function, limit, .. } => {
            format!("{}: {calls} dropped, no answer within {limit:?}", short(function))
        }
        Event::CircuitBreakerRejected { name, .. } => {
            format!("breaker `{name}` is open: {calls} failed fast")
        }
        Event::BulkheadRejected { name, active, .. } => {
            format!("bulkhead `{name}` is full, {active} inside: {calls} rejected")
        }
        Event::FallbackUsed { function, .. } => {
            format!("{}: {calls} answered by the fallback", short(function))
        }
        Event::StaleResult { name, .. } => {
            format!("breaker `{name}`: {calls} ended too late to count")
        }
        _ => format!("{event:?}"),
    }
}

/// Last part of a path: `checkout::service::charge` → `charge`.
fn short(path: &'static str) -> &'static str {
    path.rsplit("::").next().unwrap_or(path)
}

fn stamp(at: Duration) -> String {
    format!("{:6.2} s", at.as_secs_f64())
}
