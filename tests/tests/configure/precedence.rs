//! Precedence: code, then file, then calls by hand.

use resilience::{CircuitBreaker, State};
use resilience_tests::{fail, succeed};

use crate::file::{alone, assert_in_force, configure};
use crate::program::{PAYMENT, POOL, STOCK};

#[tokio::test]
async fn options_that_the_file_omits_are_those_of_the_code() {
    let _alone = alone().await;
    configure("[circuit_breaker.payment]\nopen_for = '5s'");
    assert_in_force("[circuit_breaker.payment]", "failure_threshold = 5");
    assert_in_force("[bulkhead.payment]", "max_concurrent = 2");
}

#[tokio::test]
async fn a_file_replaces_the_one_before() {
    let _alone = alone().await;
    configure(
        "[bulkhead.payment]
         max_concurrent = 9
         [retry.standard]
         max_attempts = 9
         [policy.mail]
         timeout = '9s'
         [function.'shop::charge']
         timeout = '9s'
         [circuit_breaker.payment]
         failure_threshold = 9",
    );
    configure("[circuit_breaker.payment]\nopen_for = '9s'");
    assert_in_force("[bulkhead.payment]", "max_concurrent = 2");
    assert_eq!(POOL.snapshot().max_concurrent, 2);
    assert_in_force("[retry.standard]", "max_attempts = 2");
    assert_in_force("[policy.mail]", "timeout = \"5s\"");
    assert_in_force("[function.\"shop::charge\"]", "timeout = \"800ms\"");
    assert_in_force("[circuit_breaker.payment]", "failure_threshold = 5");
    assert_in_force("[circuit_breaker.payment]", "open_for = \"9s\"");
}

#[tokio::test]
async fn a_resize_by_hand_stays_in_force_whatever_a_file_says() {
    let _alone = alone().await;
    POOL.resize(7);
    configure("[bulkhead.payment]\nmax_concurrent = 4");
    assert_eq!(POOL.snapshot().max_concurrent, 7, "resized before the file came");
    configure("");
    assert_eq!(POOL.snapshot().max_concurrent, 7, "resized before the file went");
    configure("[bulkhead.payment]\nmax_concurrent = 4");
    POOL.resize(1);
    configure("[bulkhead.payment]\nmax_concurrent = 5");
    assert_eq!(POOL.snapshot().max_concurrent, 1, "resized between two files");
    POOL.undo_resize();
    assert_eq!(POOL.snapshot().max_concurrent, 5, "until it is taken back");
    configure("");
    assert_eq!(POOL.snapshot().max_concurrent, 2);
}

#[tokio::test]
async fn a_state_set_by_hand_stays_whatever_a_file_says() {
    let _alone = alone().await;
    for (set, state) in [
        (CircuitBreaker::force_open as fn(&_), State::ForcedOpen),
        (CircuitBreaker::disable, State::Disabled),
    ] {
        set(&PAYMENT);
        configure("[circuit_breaker.payment]\nfailure_rate = 0.5");
        assert_eq!(PAYMENT.state(), state);
        configure("");
        assert_eq!(PAYMENT.state(), state);
    }
}

#[tokio::test]
async fn an_option_of_the_file_replaces_one_of_the_code_that_it_excludes() {
    let _alone = alone().await;
    configure("[circuit_breaker.payment]\nfailure_rate = 0.5\nwindow_calls = 30");
    assert_in_force("[circuit_breaker.payment]", "failure_rate = 0.5");
    assert_in_force("[circuit_breaker.payment]", "window_calls = 30");
    for _ in 0..6 {
        fail(&PAYMENT).await;
    }
    assert_eq!(PAYMENT.state(), State::Closed, "the code's threshold is out of force");
    configure("[circuit_breaker.stock]\nwindow = '30s'\nfailure_threshold = 4");
    assert_in_force("[circuit_breaker.stock]", "window = \"30s\"");
    assert_in_force("[circuit_breaker.stock]", "failure_threshold = 4");
}

#[tokio::test(start_paused = true)]
async fn counts_and_states_survive_a_new_file() {
    let _alone = alone().await;
    for _ in 0..3 {
        fail(&PAYMENT).await;
    }
    configure("[circuit_breaker.payment]\nfailure_threshold = 4");
    assert_eq!(PAYMENT.snapshot().failures, 3);
    fail(&PAYMENT).await;
    assert_eq!(PAYMENT.state(), State::Open);
    configure("[circuit_breaker.payment]\nfailure_threshold = 100");
    assert_eq!(PAYMENT.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn a_limit_lowered_below_the_count_opens_the_breaker_at_the_next_call_that_counts() {
    let _alone = alone().await;
    for _ in 0..4 {
        fail(&PAYMENT).await;
    }
    configure("[circuit_breaker.payment]\nfailure_threshold = 2");
    assert_eq!(PAYMENT.state(), State::Closed);
    fail(&PAYMENT).await;
    assert_eq!(PAYMENT.state(), State::Open);

    for nth in 0..10 {
        if nth < 4 { fail(&STOCK).await } else { succeed(&STOCK).await }
    }
    configure("[circuit_breaker.stock]\nfailure_rate = 0.2");
    assert_eq!(STOCK.state(), State::Closed);
    succeed(&STOCK).await;
    assert_eq!(STOCK.state(), State::Closed, "a success never opens it");
    fail(&STOCK).await;
    assert_eq!(STOCK.state(), State::Open, "3 of the last 10 are still too many");
}

#[tokio::test(start_paused = true)]
async fn a_window_of_calls_that_grows_keeps_its_calls() {
    let _alone = alone().await;
    for nth in 0..40 {
        if nth % 10 < 4 { fail(&STOCK).await } else { succeed(&STOCK).await }
    }
    configure(
        "[circuit_breaker.stock]\nwindow_calls = 100\nfailure_rate = 0.5\nminimum_calls = 12",
    );
    let counts = || (STOCK.snapshot().calls, STOCK.snapshot().failures);
    assert_eq!(counts(), (10, 4));
    fail(&STOCK).await;
    fail(&STOCK).await;
    assert_eq!(STOCK.state(), State::Open, "6 of 12");
}

#[tokio::test(start_paused = true)]
async fn a_window_of_calls_that_shrinks_keeps_its_last_calls() {
    let _alone = alone().await;
    configure("[circuit_breaker.stock]\nwindow_calls = 20\nfailure_rate = 1.0");
    for nth in 0..20 {
        if nth < 16 { fail(&STOCK).await } else { succeed(&STOCK).await }
    }
    configure("[circuit_breaker.stock]\nfailure_rate = 1.0");
    assert_eq!((STOCK.snapshot().calls, STOCK.snapshot().failures), (10, 6));
}

#[tokio::test(start_paused = true)]
async fn a_new_kind_of_window_starts_empty() {
    let _alone = alone().await;
    for _ in 0..3 {
        fail(&PAYMENT).await;
    }
    configure("[circuit_breaker.payment]\nwindow_calls = 10");
    assert_eq!(PAYMENT.snapshot().failures, 0);
}
