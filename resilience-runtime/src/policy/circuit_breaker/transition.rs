//! Transitions on their way to the observers.
//!
//! Each is delivered once, in the order in which they happened, outside the lock, by one thread at
//! a time. A thread that makes a transition puts it in line, and then delivers all that are in
//! line, unless another thread is at it: that thread then delivers it too. So an observer that is
//! slow delays the call that delivers to it, and no other.
//!
//! The text of the error that opened the breaker is made by the error's own code, which must not
//! run under the lock. Until the text is there, the transition and those behind it wait.

use std::collections::VecDeque;

use super::machine::Transition;
use crate::outcome::ErrorText;
use crate::state::State;

/// Transitions that have yet to be delivered, oldest first.
#[derive(Debug)]
pub(super) struct Undelivered {
    line: VecDeque<Announcement>,
    is_being_delivered: bool,
}

/// A transition in line.
#[derive(Debug)]
struct Announcement {
    transition: Transition,
    /// Set once `error` is known.
    is_complete: bool,
    error: Option<ErrorText>,
}

impl Undelivered {
    pub(super) const fn new() -> Self {
        Self { line: VecDeque::new(), is_being_delivered: false }
    }

    /// Puts a transition in line. One that opens the breaker waits for the text of an error.
    pub(super) fn push(&mut self, transition: Transition) {
        let is_complete = transition.to != State::Open;
        self.line.push_back(Announcement { transition, is_complete, error: None });
    }

    /// Completes the transition that began this generation with the text of the error.
    pub(super) fn complete(&mut self, generation: u64, error: Option<ErrorText>) {
        let mut line = self.line.iter_mut();
        if let Some(waiting) = line.find(|it| it.transition.generation == generation) {
            (waiting.is_complete, waiting.error) = (true, error);
        }
    }

    /// Begins a delivery, unless another thread has.
    pub(super) const fn begin(&mut self) -> bool {
        !std::mem::replace(&mut self.is_being_delivered, true)
    }

    /// Ends the delivery.
    pub(super) const fn stop(&mut self) {
        self.is_being_delivered = false;
    }

    /// Takes the next transition out of the line. If none is complete, ends the delivery.
    pub(super) fn next(&mut self) -> Option<(Transition, Option<ErrorText>)> {
        self.is_being_delivered = self.line.front().is_some_and(|next| next.is_complete);
        let next = self.is_being_delivered.then(|| self.line.pop_front()).flatten()?;
        Some((next.transition, next.error))
    }
}
