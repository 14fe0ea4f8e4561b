//! Model checks of detached work: the caller and the task of one call, and those who wait.

use shuttle::future::block_on;
use shuttle::sync::Arc;
use shuttle::thread;

use super::detached::DetachedCall;
use super::running_work::RunningWork;
use crate::function::Function;

fn check(scenario: impl Fn() + Send + Sync + Copy + 'static) {
    shuttle::check_random(scenario, 3_000);
    shuttle::check_pct(scenario, 3_000, 3);
}

/// Starts the task and the caller of a call. Returns when both have ended.
fn race(function: &'static Function, running: &'static RunningWork, has_panicked: bool) {
    let call = Arc::new(DetachedCall::new(function, running));
    let task = thread::spawn({
        let call = Arc::clone(&call);
        move || call.work_ended(has_panicked)
    });
    call.caller_left();
    task.join().expect("no thread panics");
}

fn subject() -> (&'static Function, &'static RunningWork) {
    let function = Box::leak(Box::new(Function::new("subject", file!(), 1)));
    (function, Box::leak(Box::new(RunningWork::new())))
}

#[test]
fn work_that_is_left_ends_once_in_any_order() {
    check(|| {
        let (function, running) = subject();
        race(function, running, false);
        assert_eq!(running.running(), 0);
        let stats = function.stats();
        assert!(stats.detached <= 1);
        assert_eq!((stats.detached_ended, stats.detached_panics), (stats.detached, 0));
    });
}

#[test]
fn a_panic_that_no_caller_receives_is_counted_once_in_any_order() {
    check(|| {
        let (function, running) = subject();
        race(function, running, true);
        assert_eq!((running.running(), function.stats().detached_panics), (0, 1));
    });
}

#[test]
fn everybody_who_waits_is_woken_at_the_end_of_the_last_work() {
    check(|| {
        let (function, running) = subject();
        let waiting = [0, 1].map(|_| thread::spawn(move || block_on(running.pause())));
        let calls = [0, 1].map(|_| thread::spawn(move || race(function, running, false)));
        for thread in calls.into_iter().chain(waiting) {
            thread.join().expect("no thread panics");
        }
        assert_eq!(running.running(), 0);
    });
}
