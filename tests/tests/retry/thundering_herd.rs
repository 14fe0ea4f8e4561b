//! The times at which a thousand clients that failed together come back. `--nocapture` prints them.

use std::cell::RefCell;
use std::time::Duration;

use resilience::retry;
use resilience_tests::{ApiError, ms};
use tokio::time::Instant;

const CLIENTS: usize = 1000;
/// Length of a slot in milliseconds.
const SLOT: usize = 10;

/// The times of all attempts, in milliseconds after the start.
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
        #[retry(max_attempts = 2, base_delay = 1s, jitter = $jitter)]
        async fn $name(arrivals: &Arrivals) -> Result<(), ()> {
            arrivals.arrive()
        }
    };
}

client!(none, none);
client!(full, full);
client!(equal, equal);
client!(decorrelated, decorrelated);

/// Returns the number of second attempts in each slot, and prints them, ten slots to a row.
async fn arrivals<F: Future<Output = Result<(), ()>>>(
    name: &str,
    client: impl Fn(&'static Arrivals) -> F,
) -> Vec<usize> {
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
    println!("\n{name}: at most {} arrivals in {SLOT} ms", peak(&slots));
    for (nth, row) in slots.chunks(10).enumerate() {
        print!("{:>5} ms", nth * 10 * SLOT);
        for arrivals in row {
            print!(" {arrivals:>4}");
        }
        println!();
    }
    slots
}

fn peak(slots: &[usize]) -> usize {
    slots.iter().copied().max().expect("a thousand")
}

#[tokio::test(start_paused = true)]
async fn jitter_spreads_clients_that_failed_together() {
    let none = arrivals("no jitter", none).await;
    let full = arrivals("full jitter", full).await;
    let equal = arrivals("equal jitter", equal).await;
    let decorrelated = arrivals("decorrelated jitter", decorrelated).await;
    assert_eq!(peak(&none), CLIENTS);
    for spread in [&full, &equal, &decorrelated] {
        assert!(peak(spread) <= peak(&none) / 10);
    }
    let comes_in_the_first_half =
        |slots: &[usize]| slots[..50].iter().any(|&arrivals| arrivals > 0);
    assert!(comes_in_the_first_half(&full));
    assert!(!comes_in_the_first_half(&equal));
}

/// The hint that the server gives to all of them.
const HINT: Duration = Duration::from_secs(5);

#[tokio::test(start_paused = true)]
async fn clients_with_the_same_hint_do_not_come_back_together() {
    #[retry(max_attempts = 2, base_delay = 1s)]
    async fn call(arrivals: &Arrivals) -> Result<(), ApiError> {
        arrivals.arrive().map_err(|()| ApiError::Busy(HINT))
    }
    let arrivals = Arrivals { start: Instant::now(), times: RefCell::new(Vec::new()) };
    futures_util::future::join_all((0..CLIENTS).map(|_| call(&arrivals))).await;
    let times = arrivals.times.borrow();
    let (mut slots, second) = (vec![0_usize; 100], &times[CLIENTS..]);
    assert_eq!(second.len(), CLIENTS);
    for &time in second {
        let time = ms(u64::try_from(time).expect("soon"));
        let after_hint = time.checked_sub(HINT).expect("no client comes before the hint");
        let slot = usize::try_from(after_hint.as_millis()).expect("soon") / SLOT;
        // A sleep may end a millisecond late.
        slots[slot.min(99)] += 1;
    }
    assert!(peak(&slots) <= CLIENTS / 10, "{slots:?}");
    assert!(slots.iter().filter(|&&clients| clients > 0).count() > 90, "the whole delay is used");
}
