//! Sequences of calls that arrive, wait, end, fail, panic, time out and are dropped while the limit
//! changes, compared with a reference model: a list of running calls and a list of waiting calls.

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use proptest::prelude::*;
use resilience::{Bulkhead, Error, bulkhead, timeout};
use resilience_tests::{ms, poll_once, with_paused_clock};
use tokio::time::{Instant, advance};

const MAX_WAIT: Duration = ms(10);
const LIMIT: Duration = ms(5);

#[derive(Clone, Copy, Debug)]
enum Step {
    /// A call arrives and is polled once.
    Call {
        limited: bool,
    },
    /// A started call is polled.
    Poll(usize),
    /// A started call is polled after its body was given an instruction.
    End(usize, How),
    /// A started call is dropped.
    Drop(usize),
    Resize(u32),
    Advance(u64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum How {
    Stay,
    Succeed,
    Fail,
    Panic,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let how = prop_oneof![Just(How::Succeed), Just(How::Fail), Just(How::Panic)];
    let step = prop_oneof![
        6 => any::<bool>().prop_map(|limited| Step::Call { limited }),
        4 => any::<usize>().prop_map(Step::Poll),
        4 => (any::<usize>(), how).prop_map(|(which, how)| Step::End(which, how)),
        2 => any::<usize>().prop_map(Step::Drop),
        1 => (0..5_u32).prop_map(Step::Resize),
        2 => (1..8_u64).prop_map(Step::Advance),
    ];
    proptest::collection::vec(step, 1..120)
}

/// Result of polling a call.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    Waits,
    Inside,
    Ended(How),
    Rejected,
    TimedOut,
}

/// The documented behaviour.
struct Reference {
    limit: usize,
    max_wait: Duration,
    max_queue: usize,
    inside: Vec<u32>,
    queue: VecDeque<u32>,
}

impl Reference {
    fn call(&mut self, id: u32) -> Outcome {
        if self.queue.is_empty() && self.inside.len() < self.limit {
            self.inside.push(id);
            Outcome::Inside
        } else if self.max_wait.is_zero() || self.queue.len() >= self.max_queue {
            Outcome::Rejected
        } else {
            self.queue.push_back(id);
            Outcome::Waits
        }
    }

    fn poll(&mut self, call: &Call<'_>, how: How) -> Outcome {
        let since = call.since.elapsed();
        let inside = self.inside.contains(&call.id);
        let outcome = match how {
            How::Succeed | How::Fail | How::Panic if inside => Outcome::Ended(how),
            _ if call.limited && since >= LIMIT => Outcome::TimedOut,
            _ if inside => return Outcome::Inside,
            _ if since >= self.max_wait => Outcome::Rejected,
            _ => return Outcome::Waits,
        };
        self.leave(call.id);
        outcome
    }

    fn leave(&mut self, id: u32) {
        self.inside.retain(|other| *other != id);
        self.queue.retain(|other| *other != id);
        self.serve();
    }

    fn serve(&mut self) {
        while self.inside.len() < self.limit
            && let Some(first) = self.queue.pop_front()
        {
            self.inside.push(first);
        }
    }
}

/// A started call.
struct Call<'a> {
    id: u32,
    limited: bool,
    since: Instant,
    body: Rc<Body>,
    future: Pin<Box<dyn Future<Output = Result<How, Error>> + 'a>>,
}

struct Body {
    instruction: Cell<How>,
    begun: Cell<bool>,
}

impl Body {
    async fn run(self: Rc<Self>) -> Result<How, Error> {
        self.begun.set(true);
        poll_fn(|_| match self.instruction.get() {
            How::Stay => Poll::Pending,
            // A panic by `resume_unwind` prints no message.
            How::Panic => resume_unwind(Box::new("on purpose")),
            how => Poll::Ready(Ok(how)),
        })
        .await
    }
}

#[bulkhead(pool)]
async fn unlimited(pool: &Bulkhead, body: Rc<Body>) -> Result<How, Error> {
    Rc::clone(&body).run().await
}

#[timeout(LIMIT)]
#[bulkhead(pool)]
async fn limited(pool: &Bulkhead, body: Rc<Body>) -> Result<How, Error> {
    Rc::clone(&body).run().await
}

impl<'a> Call<'a> {
    fn new(id: u32, is_limited: bool, pool: &'a Bulkhead) -> Self {
        let body = Rc::new(Body { instruction: Cell::new(How::Stay), begun: Cell::new(false) });
        let future: Pin<Box<dyn Future<Output = Result<How, Error>>>> = if is_limited {
            Box::pin(limited(pool, Rc::clone(&body)))
        } else {
            Box::pin(unlimited(pool, Rc::clone(&body)))
        };
        Self { id, limited: is_limited, since: Instant::now(), body, future }
    }

    fn poll(&mut self, how: How) -> Outcome {
        self.body.instruction.set(how);
        let polled = catch_unwind(AssertUnwindSafe(|| poll_once(&mut self.future)));
        match polled {
            Err(_) => Outcome::Ended(How::Panic),
            Ok(Poll::Ready(Ok(how))) => Outcome::Ended(how),
            Ok(Poll::Ready(Err(Error::BulkheadFull { .. }))) => Outcome::Rejected,
            Ok(Poll::Ready(Err(_))) => Outcome::TimedOut,
            Ok(Poll::Pending) if self.body.begun.get() => Outcome::Inside,
            Ok(Poll::Pending) => Outcome::Waits,
        }
    }
}

async fn compare(pool: &Bulkhead, reference: &mut Reference, steps: Vec<Step>) {
    let mut calls: Vec<Call<'_>> = Vec::new();
    for (id, step) in (0..).zip(steps) {
        let which = |which: usize| (!calls.is_empty()).then(|| which % calls.len());
        let (which, how) = match step {
            Step::Call { limited } => {
                calls.push(Call::new(id, limited, pool));
                (calls.len().checked_sub(1), How::Stay)
            }
            Step::Poll(nth) => (which(nth), How::Stay),
            Step::End(nth, how) => (which(nth), how),
            Step::Drop(nth) => {
                if let Some(gone) = which(nth) {
                    reference.leave(calls.swap_remove(gone).id);
                }
                (None, How::Stay)
            }
            Step::Resize(limit) => {
                pool.resize(limit);
                reference.limit = limit as usize;
                reference.serve();
                (None, How::Stay)
            }
            Step::Advance(milliseconds) => {
                advance(ms(milliseconds)).await;
                (None, How::Stay)
            }
        };
        if let Some(which) = which {
            let call = &mut calls[which];
            let outcome = call.poll(how);
            let expected = match step {
                Step::Call { .. } => reference.call(call.id),
                _ => reference.poll(call, how),
            };
            assert_eq!(outcome, expected, "step {id}, {step:?}, call {}", call.id);
            if !matches!(outcome, Outcome::Waits | Outcome::Inside) {
                drop(calls.swap_remove(which));
            }
        }
        let snapshot = pool.snapshot();
        let expected = [
            reference.inside.len(),
            reference.queue.len(),
            reference.limit.saturating_sub(reference.inside.len()),
        ];
        let counts = [snapshot.active, snapshot.waiting, snapshot.available];
        assert_eq!(counts.map(|count| count as usize), expected, "step {id}, {step:?}");
    }
    drop(calls);
    let snapshot = pool.snapshot();
    assert_eq!((snapshot.active, snapshot.waiting), (0, 0), "all have ended");
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(500)
    })]

    #[test]
    fn the_bulkhead_agrees_with_its_model_after_every_sequence_of_events(
        steps in steps(),
        limit in 1..4_u32,
        max_queue in prop_oneof![Just(0_u32), Just(2), Just(u32::MAX)],
        max_wait in prop_oneof![1 => Just(Duration::ZERO), 4 => Just(MAX_WAIT)],
    ) {
        let pool = Bulkhead::new("model")
            .max_concurrent(limit)
            .max_queue(max_queue)
            .max_wait(max_wait);
        let mut reference = Reference {
            limit: limit as usize,
            max_wait,
            max_queue: max_queue as usize,
            inside: Vec::new(),
            queue: VecDeque::new(),
        };
        with_paused_clock(compare(&pool, &mut reference, steps));
    }
}
