//! An order service, and the faults of the three services that it depends on.
//!
//! `service.rs` holds the policies: read it first. `servers.rs` fails by script, `timeline.rs`
//! prints what every layer does, and `story.rs` checks the promises. The program exits with an
//! error if a promise is broken.

mod clock;
mod servers;
mod service;
mod story;
mod timeline;

use std::process::ExitCode;
use std::time::Duration;

use resilience::State;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use servers::{Fault, Server};
use service::{Order, Shop};
use story::{Phase, Story};
use timeline::Timeline;

/// Time between two orders: 50 orders per second, or as many as a busy machine can place.
const PACE: Duration = Duration::from_millis(20);

/// Longest extension of a phase, until payment's breaker has reached the expected state.
const PATIENCE: Duration = Duration::from_secs(8);

/// Name of the breaker that the phases wait for.
const PAYMENT: &str = "payment";

/// Runs the whole service on one thread, so that its events happen in the order in which they are
/// printed. The servers have threads of their own.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    clock::start();
    let payment = Server::start("payment")?;
    let inventory = Server::start("inventory")?;
    let email = Server::start("email")?;
    let shop = Shop::new(payment.address(), inventory.address(), email.address())?;

    let timeline = Timeline::new();
    let log = timeline.watch();
    let mut story = Story::default();
    let mut orders = JoinSet::new();
    let mut number = 0;
    for phase in script() {
        timeline.chapter(&phase.title);
        payment.set(phase.payment);
        inventory.set(phase.inventory);
        email.set(phase.email);
        let began = clock::now();
        story.begins(&phase, began);

        let mut pace = interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let has_come =
            || phase.payment_comes_to.is_none_or(|state| timeline.came_to(PAYMENT, state, began));
        let mut end = Instant::now() + phase.lasts;
        let last = end + PATIENCE;
        loop {
            tokio::select! {
                () = sleep_until(end) => {
                    if has_come() || end >= last {
                        break;
                    }
                    end += PACE;
                }
                _ = pace.tick() => {
                    number += 1;
                    let (shop, order) = (shop.clone(), Order { number });
                    orders.spawn(async move { shop.place(&order).await });
                }
            }
            timeline.tick();
        }
        // A phase ends when its orders have ended, so that each order counts for its own phase.
        while let Some(order) = orders.join_next().await {
            story.answered(order);
            timeline.tick();
        }
        story.ends();
    }
    timeline.finish();
    drop(log);

    let servers = [payment, inventory, email];
    story::print_table(&servers);
    Ok(story.check(number, &shop.queued().await, &timeline, &servers))
}

/// Phases of the demo: the fault of each of the three services, and the duration.
fn script() -> Vec<Phase> {
    let phase = |title: &str, milliseconds, payment, inventory, email| Phase {
        title: title.to_owned(),
        lasts: Duration::from_millis(milliseconds),
        payment_comes_to: None,
        payment,
        inventory,
        email,
    };
    vec![
        phase("all is well", 1000, Fault::None, Fault::None, Fault::None),
        phase(
            "hiccups: payment answers some calls with 503, inventory is slow, email resets",
            2000,
            Fault::Flaky,
            Fault::Slow(Duration::from_millis(150)),
            Fault::Reset,
        ),
        Phase {
            payment_comes_to: Some(State::Open),
            ..phase(
                "outage: payment is down, email accepts calls and never answers",
                3500,
                Fault::Down,
                Fault::None,
                Fault::Silent,
            )
        },
        Phase {
            payment_comes_to: Some(State::Closed),
            ..phase("recovery: all is well again", 3000, Fault::None, Fault::None, Fault::None)
        },
    ]
}
