//! Model checks of the retry budget with two and three threads.

use shuttle::sync::Arc;
use shuttle::thread;

use crate::policy::retry_budget::RetryBudget;
use crate::time::Nanos;

const NOW: Nanos = Nanos::at(1 << 40);

fn check(scenario: impl Fn() + Send + Sync + Copy + 'static) {
    shuttle::check_random(scenario, 3_000);
    shuttle::check_pct(scenario, 3_000, 3);
}

/// Makes two first calls per thread, and up to three retries. Returns the number of allowed
/// retries.
fn spend(budget: &Arc<RetryBudget>, threads: usize) -> usize {
    let threads: Vec<_> = (0..threads)
        .map(|_| {
            let budget = Arc::clone(budget);
            thread::spawn(move || {
                budget.deposit(NOW);
                budget.deposit(NOW);
                (0..3).filter(|_| budget.withdraw(NOW)).count()
            })
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().expect("no thread panics")).sum()
}

#[test]
fn exactly_the_deposits_can_be_spent() {
    check(|| {
        let budget = Arc::new(RetryBudget::new("subject").ratio(0.5).min_per_sec(0));
        let spent = spend(&budget, 3);
        let left = (0..9).filter(|_| budget.withdraw(NOW)).count();
        assert_eq!(spent + left, 3);
    });
}

#[test]
fn the_reserve_is_spent_once() {
    check(|| {
        let budget = Arc::new(RetryBudget::new("subject").ratio(0.0).min_per_sec(4));
        assert_eq!(spend(&budget, 2), 4);
    });
}
