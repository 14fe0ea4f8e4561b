//! A thousand clients that failed together: when do they come back? Run with `--nocapture` to see it.

use std::cell::RefCell;

use resilience::retry;
use tokio::time::Instant;

const CLIENTS: usize = 1000;
/// In milliseconds.
const SLOT: usize = 10;

/// When the second attempts come, in milliseconds after the first.
struct Arrivals {
    start: Instant,
    times: RefCell<Vec<usize>>,
}

impl Arrivals {
    fn arrive(&self) -> Result<(), ()> {
        let after = usize::try_from(self.start.elapsed().as_millis()).expect("soon");
        self.times.borrow_mut().push(after);
        Err(())
    }
}

macro_rules! client {
    ($name:ident, $jitter:ident) => {
        #[retry(max_attempts = 2, backoff = constant, base_delay = 1s, jitter = $jitter)]
        async fn $name(arrivals: &Arrivals) -> Result<(), ()> {
            arrivals.arrive()
        }
    };
}

client!(none, none);
client!(full, full);
client!(equal, equal);
client!(decorrelated, decorrelated);

/// The most arrivals in 10 ms, and how many of them come in each tenth of the time.
async fn peak<F: Future<Output = Result<(), ()>>>(
    name: &str,
    client: impl Fn(&'static Arrivals) -> F,
) -> usize {
    let arrivals: &'static Arrivals =
        Box::leak(Box::new(Arrivals { start: Instant::now(), times: RefCell::new(Vec::new()) }));
    futures_util::future::join_all((0..CLIENTS).map(|_| client(arrivals))).await;
    let times = arrivals.times.borrow();
    assert_eq!(times.len(), 2 * CLIENTS);
    let second = &times[CLIENTS..];
    let longest = second.iter().max().expect("a thousand");
    let mut slots = vec![0_usize; longest / SLOT + 1];
    for time in second {
        slots[time / SLOT] += 1;
    }
    let peak = *slots.iter().max().expect("a thousand");
    println!("\n{name}: at most {peak} arrivals in {SLOT} ms");
    for (nth, tenth) in slots.chunks(10).enumerate() {
        let arrivals: usize = tenth.iter().sum();
        println!("{:>5} ms {arrivals:>5} {}", nth * 10 * SLOT, "▇".repeat(arrivals / 10));
    }
    peak
}

#[tokio::test(start_paused = true)]
async fn jitter_spreads_clients_that_failed_together() {
    let none = peak("no jitter", none).await;
    let full = peak("full jitter", full).await;
    let equal = peak("equal jitter", equal).await;
    let decorrelated = peak("decorrelated jitter", decorrelated).await;
    assert_eq!(none, CLIENTS);
    assert!(full <= none / 10);
    assert!(equal <= none / 10);
    assert!(decorrelated <= none / 10);
    assert!(full < equal, "over twice the time");
}
