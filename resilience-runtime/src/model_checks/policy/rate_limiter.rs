//! Model checks of the turns: many interleavings of a few threads.

use std::time::Duration;

use resilience_options::RateLimiterOptions;
use shuttle::sync::{Arc, Mutex};
use shuttle::thread;

use crate::policy::rate_limiter::pace::Pace;
use crate::policy::rate_limiter::schedule::{Schedule, Turn, WaitingTurn};
use crate::time::Nanos;

const NOW: Nanos = Nanos::at(1 << 50);
const SECOND: Duration = Duration::from_secs(1);

fn check(scenario: impl Fn() + Send + Sync + Copy + 'static) {
    shuttle::check_random(scenario, 3_000);
    shuttle::check_pct(scenario, 3_000, 3);
}

/// Checks a scenario of one thread.
fn alone(scenario: impl Fn() + Send + Sync + 'static) {
    shuttle::check_random(scenario, 1);
}

/// One call per second, and `burst` at once.
fn pace(burst: u32) -> Pace {
    let options =
        RateLimiterOptions { per_second: Some(1), burst: Some(burst), ..RateLimiterOptions::NONE };
    Pace::of(&options)
}

fn take<'a>(schedule: &'a Schedule, pace: &Pace, now: Nanos) -> Option<Turn<'a>> {
    schedule.take(pace, pace.price(1), now, pace.max_wait).ok()
}

/// Seconds until the turn, as the call sees it when it looks.
fn seconds(turn: &WaitingTurn<'_>, now: Nanos) -> u64 {
    turn.wait(now) / 1_000_000_000
}

type Waits = Mutex<Vec<u64>>;

/// Runs each of these callers on a thread of its own.
fn run(shared: &Arc<(Schedule, Waits)>, callers: Vec<fn(&(Schedule, Waits))>) {
    let start = |caller: fn(&(Schedule, Waits))| {
        let shared = Arc::clone(shared);
        thread::spawn(move || caller(&shared))
    };
    let callers: Vec<_> = callers.into_iter().map(start).collect();
    for caller in callers {
        caller.join().expect("no caller panics");
    }
}

/// Makes a call that uses its turn, and records the seconds for which it had to wait.
fn call((schedule, waits): &(Schedule, Waits)) {
    let wait = match take(schedule, &pace(2), NOW) {
        Some(Turn::Now) => 0,
        Some(Turn::Later(turn)) => {
            let wait = seconds(&turn, NOW);
            turn.take();
            wait
        }
        None => return,
    };
    waits.lock().expect("no panic").push(wait);
}

/// Makes a call that is dropped while it waits. A call that need not wait is made.
fn quit(shared: &(Schedule, Waits)) {
    match take(&shared.0, &pace(2), NOW) {
        Some(Turn::Now) => shared.1.lock().expect("no panic").push(0),
        Some(Turn::Later(turn)) => drop(turn),
        None => {}
    }
}

fn pause((schedule, _): &(Schedule, Waits), seconds: u32) {
    let _ = schedule.pause(NOW, seconds * SECOND);
}

fn shared() -> Arc<(Schedule, Waits)> {
    Arc::new((Schedule::new(&pace(2)), Mutex::new(Vec::new())))
}

fn sorted(waits: &Waits) -> Vec<u64> {
    let mut waits = waits.lock().expect("no panic").clone();
    waits.sort_unstable();
    waits
}

#[test]
fn each_turn_is_given_out_once() {
    check(|| {
        let shared = shared();
        run(
            &shared,
            vec![|it| (0..2).for_each(|_| call(it)), |it| (0..2).for_each(|_| call(it)), call],
        );
        assert_eq!(sorted(&shared.1), [0, 0, 1, 2, 3]);
    });
}

#[test]
fn a_call_that_gives_up_never_lets_two_into_one_turn() {
    check(|| {
        let shared = shared();
        run(
            &shared,
            vec![
                |it| (0..2).for_each(|_| call(it)),
                |it| {
                    quit(it);
                    call(it);
                },
                |it| (0..2).for_each(|_| quit(it)),
            ],
        );
        let waits = sorted(&shared.1);
        let waiting: Vec<_> = waits.iter().filter(|wait| **wait > 0).collect();
        assert!(waits.len() - waiting.len() <= 2, "more than the burst at once: {waits:?}");
        assert!(waiting.windows(2).all(|pair| pair[0] < pair[1]), "one turn twice: {waits:?}");
        assert_eq!(shared.0.read(&pace(2), NOW).waiting, 0);
    });
}

#[test]
fn the_last_turns_are_given_back_from_the_end() {
    alone(|| {
        let shared = shared();
        let schedule = &shared.0;
        let mut turns: Vec<_> = (0..5).map(|_| take(schedule, &pace(2), NOW)).collect();
        drop(turns.remove(3));
        assert_eq!(schedule.read(&pace(2), NOW).next / 1_000_000_000, 4, "a later one is out");
        while let Some(turn) = turns.pop() {
            drop(turn);
        }
        let next = schedule.read(&pace(2), NOW).next / 1_000_000_000;
        assert_eq!(next, 3, "the turn that was not the last one stays empty");
    });
}

/// A pause comes while calls take their turns: each turn is before it, or moved by it.
#[test]
fn a_pause_moves_every_turn_that_comes_after_it() {
    check(|| {
        let shared = shared();
        run(
            &shared,
            vec![|it| pause(it, 3), |it| (0..2).for_each(|_| call(it)), |it| {
                (0..2).for_each(|_| call(it));
            }],
        );
        let after = NOW.after(3 * SECOND);
        assert_eq!(shared.0.read(&pace(2), NOW).paused, 3_000_000_000);
        assert_eq!(shared.0.read(&pace(2), after).next / 1_000_000_000, 3, "debt is kept");
        let waits = sorted(&shared.1);
        assert!(waits.len() <= 4);
        let mut turns: Vec<_> = waits.iter().filter(|wait| **wait > 0).collect();
        turns.dedup();
        assert!(turns.iter().all(|wait| [1, 2, 3, 4, 5].contains(*wait)), "{waits:?}");
    });
}

#[test]
fn two_pauses_at_once_are_as_long_as_the_longer_one() {
    check(|| {
        let shared = shared();
        run(&shared, vec![|it| pause(it, 3), |it| pause(it, 5)]);
        let reading = shared.0.read(&pace(2), NOW);
        assert_eq!((reading.paused, reading.tokens), (5_000_000_000, 2));
    });
}

/// A call waits while the limiter is reset. Then others take the turns, and the first one gives up.
#[test]
fn a_turn_from_before_a_reset_is_not_given_back() {
    check(|| {
        let shared = shared();
        (0..2).for_each(|_| call(&shared));
        run(
            &shared,
            vec![|it| it.0.reset(&pace(2), NOW), quit, |it| (0..3).for_each(|_| call(it))],
        );
        let reading = shared.0.read(&pace(2), NOW);
        assert_eq!(reading.waiting, 0);
        assert!(reading.tokens <= 2);
        let waits = sorted(&shared.1);
        let at_once = waits.iter().filter(|wait| **wait == 0).count();
        assert!(
            at_once <= 5,
            "two bursts, and a call whose turn the reset has made come: {waits:?}"
        );
    });
}

#[test]
fn a_faster_pace_makes_no_tokens_of_the_time_before() {
    alone(|| {
        let schedule = Schedule::new(&pace(2));
        assert!(matches!(take(&schedule, &pace(2), NOW), Some(Turn::Now)));
        let fast = Pace { interval: 1_000_000, burst: 1_000, ..pace(2) };
        schedule.change_pace(&pace(2), &fast, NOW);
        assert_eq!(schedule.read(&fast, NOW).tokens, 1);
        assert_eq!(schedule.read(&fast, NOW.after(SECOND)).tokens, 1_000);
        assert!(take(&schedule, &fast, NOW).is_some());
        schedule.change_pace(&fast, &pace(2), NOW);
        assert_eq!(schedule.read(&pace(2), NOW).tokens, 0);
    });
}

/// Another runtime of the process has a paused clock that is far ahead.
#[test]
fn a_word_of_another_clock_is_not_believed() {
    alone(|| {
        let schedule = Schedule::new(&pace(2));
        (0..4).for_each(|_| drop(take(&schedule, &pace(2), NOW.after(1_000 * SECOND))));
        assert_eq!(schedule.read(&pace(2), NOW).tokens, 2);
        assert!(matches!(take(&schedule, &pace(2), NOW), Some(Turn::Now)));
        assert_eq!(schedule.read(&pace(2), NOW).tokens, 1);
    });
}
