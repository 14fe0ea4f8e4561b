//! Customers: a fixed number per second, whatever the answers are.

use std::fmt;
use std::time::Duration;

use resilience::Error;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::service::{PriceError, offer};

/// Time between two customers: 250 per second.
const PACE: Duration = Duration::from_millis(4);

/// Outcomes of the customers of one phase.
#[derive(Default)]
pub(crate) struct Answers {
    pub(crate) asked: u32,
    pub(crate) answered: u32,
    pub(crate) full: u32,
    pub(crate) open: u32,
    pub(crate) timed_out: u32,
    /// Tasks that ended without an answer.
    pub(crate) lost: u32,
    /// Limits that passed, each once.
    pub(crate) limits: Vec<Duration>,
}

impl Answers {
    fn count(&mut self, answer: Result<(u32, u32), PriceError>) {
        match answer {
            Ok(_) => self.answered += 1,
            Err(PriceError::Resilience(error)) => match error {
                Error::BulkheadFull { .. } => self.full += 1,
                Error::CircuitOpen { .. } => self.open += 1,
                Error::TimedOut { limit, .. } => {
                    self.timed_out += 1;
                    if !self.limits.contains(&limit) {
                        self.limits.push(limit);
                    }
                }
                _ => self.lost += 1,
            },
        }
    }

    pub(crate) const fn all_have_one(&self) -> bool {
        self.lost == 0 && self.asked == self.answered + self.full + self.open + self.timed_out
    }
}

impl fmt::Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} customers: {} answered, {} found the pool full, {} the breaker open, {} timed out",
            self.asked, self.answered, self.full, self.open, self.timed_out
        )
    }
}

/// Serves this many customers while `meanwhile` runs; ends when every customer has an answer.
pub(crate) async fn load<T>(customers: u32, meanwhile: impl Future<Output = T>) -> (Answers, T) {
    let served = async {
        let mut answers = Answers::default();
        let mut pace = interval(PACE);
        // On a busy machine there are fewer customers per second, not many at once.
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut waiting = JoinSet::new();
        for _ in 0..customers {
            pace.tick().await;
            answers.asked += 1;
            waiting.spawn(offer(answers.asked));
        }
        while let Some(answer) = waiting.join_next().await {
            match answer {
                Ok(answer) => answers.count(answer),
                Err(_) => answers.lost += 1,
            }
        }
        answers
    };
    tokio::join!(served, meanwhile)
}
