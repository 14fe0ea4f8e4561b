//! Checks of the promises, against the requests that the servers have seen.

use std::collections::HashSet;
use std::process::ExitCode;
use std::time::Duration;

use resilience::declared::AnnotatedFunction;
use resilience::{CallStats, State};
use tokio::task::JoinError;

use crate::servers::{Fault, Server};
use crate::service::{Answer, Mail, Payment, ShopError, Stock};
use crate::timeline::{Timeline, Transition};

/// One phase of the script.
pub(crate) struct Phase {
    pub(crate) title: String,
    /// Least duration.
    pub(crate) lasts: Duration,
    /// State of payment's breaker at which the phase may end.
    pub(crate) payment_comes_to: Option<State>,
    pub(crate) payment: Fault,
    pub(crate) inventory: Fault,
    pub(crate) email: Fault,
}

/// Outcomes of the orders.
#[derive(Default)]
pub(crate) struct Story {
    answered: HashSet<u32>,
    unanswered: Vec<String>,
    queued: HashSet<u32>,
    unmailed: u32,
    /// Orders placed while email was silent: all, and those whose stock was really reserved.
    beside_silence: (u32, u32),
    email_is_silent: bool,
    /// Time since which payment has had no fault.
    well_since: Duration,
}

impl Story {
    pub(crate) fn begins(&mut self, phase: &Phase, now: Duration) {
        self.email_is_silent = phase.email == Fault::Silent;
        if phase.payment == Fault::None {
            self.well_since = now;
        }
    }

    pub(crate) fn ends(&mut self) {
        self.email_is_silent = false;
    }

    pub(crate) fn answered(&mut self, order: Result<Result<Answer, ShopError>, JoinError>) {
        let answer = match order {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return self.unanswered.push(error.to_string()),
            Err(error) => return self.unanswered.push(error.to_string()),
        };
        self.answered.insert(answer.order);
        if matches!(answer.payment, Payment::Queued) {
            self.queued.insert(answer.order);
        }
        self.unmailed += u32::from(matches!(answer.mail, Mail::Later));
        if self.email_is_silent {
            self.beside_silence.0 += 1;
            self.beside_silence.1 += u32::from(matches!(answer.stock, Stock::Reserved));
        }
    }

    /// Prints each promise and whether it was kept.
    pub(crate) fn check(
        &self,
        placed: u32,
        queue: &HashSet<u32>,
        timeline: &Timeline,
        servers: &[Server; 3],
    ) -> ExitCode {
        println!();
        let [payment, ..] = servers;
        let transitions = timeline.transitions();
        let spells = open_spells(&transitions);
        let reached = |spell: &(Duration, Duration)| {
            payment.requests().iter().filter(|at| (spell.0..spell.1).contains(at)).count()
        };
        let leaked: usize = spells.iter().map(reached).sum();
        let charge = stats("charge");
        let confirm = stats("confirm");
        let attempts = charge.calls + charge.retries - charge.circuit_breaker_rejections;
        let (beside, reserved) = self.beside_silence;
        let promises = [
            (
                *queue == self.queued,
                String::from("the queue holds every payment that was not taken, and no other"),
            ),
            (
                self.answered.len() == placed as usize && self.unanswered.is_empty(),
                format!(
                    "every order was answered: {} of {placed} ({} payments, {} mails postponed){}",
                    self.answered.len(),
                    self.queued.len(),
                    self.unmailed,
                    if self.unanswered.is_empty() {
                        String::new()
                    } else {
                        format!(": {}", self.unanswered.join("; "))
                    },
                ),
            ),
            (
                !spells.is_empty() && charge.circuit_breaker_rejections > 0,
                format!(
                    "the outage opened the breaker: {} calls failed fast",
                    charge.circuit_breaker_rejections
                ),
            ),
            (
                leaked == 0,
                format!("no request reached payment while its breaker was open: {leaked} did"),
            ),
            (
                payment.requests().len() as u64 <= attempts,
                format!("payment saw no more than the {attempts} attempts that were admitted"),
            ),
            (
                timeline.came_to("payment", State::Closed, self.well_since),
                String::from("after the recovery the breaker closed again"),
            ),
            (
                confirm.bulkhead_rejections > 0 && beside > 0 && beside == reserved,
                format!(
                    "silent email held up nothing: {reserved} of {beside} orders had stock reserved"
                ),
            ),
        ];
        for (kept, promise) in &promises {
            println!("{} {promise}", if *kept { "kept  " } else { "BROKEN" });
        }
        if promises.iter().all(|(kept, _)| *kept) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Open spells of payment's breaker, each from its opening to its first probe.
fn open_spells(transitions: &[Transition]) -> Vec<(Duration, Duration)> {
    let payment: Vec<_> =
        transitions.iter().filter(|transition| transition.name == "payment").collect();
    let pairs = payment.windows(2).filter(|pair| pair[0].to == State::Open);
    pairs.map(|pair| (pair[0].at, pair[1].at)).collect()
}

/// Counters of one function of the service.
fn stats(function: &str) -> CallStats {
    let path = format!("checkout::service::{function}");
    resilience::registry().function(&path).map(AnnotatedFunction::stats).unwrap_or_default()
}

/// Prints one line per dependency.
pub(crate) fn print_table(servers: &[Server; 3]) {
    println!(
        "\n{:<10}{:>7}{:>10}{:>10}{:>9}{:>10}{:>9}{:>9}{:>11}{:>9}",
        "",
        "calls",
        "successes",
        "failures",
        "retries",
        "timeouts",
        "breaker",
        "bulkhead",
        "fallbacks",
        "reached"
    );
    for (server, function) in servers.iter().zip(["charge", "reserve", "confirm"]) {
        let stats = stats(function);
        println!(
            "{:<10}{:>7}{:>10}{:>10}{:>9}{:>10}{:>9}{:>9}{:>11}{:>9}",
            server.name(),
            stats.calls,
            stats.successes,
            stats.failures,
            stats.retries,
            stats.timeouts,
            stats.circuit_breaker_rejections,
            stats.bulkhead_rejections,
            stats.fallbacks,
            server.requests().len(),
        );
    }
    println!("(breaker, bulkhead: rejected calls; reached: requests that the server really saw)");
}
