//! Every limit can be set, and applies to the calls that follow.

use std::time::Duration;

use resilience::{Error, State};
use resilience_tests::{SECOND, fail, ms, stats_of};
use tokio::time::{Instant, sleep};

use crate::file::{alone, assert_in_force, configure, in_force};
use crate::program::{
    LATENCY, PAYMENT, PER_HOST, PER_TENANT, POOL, UNNAMED, budgeted, charge, followed, mail, own,
};

#[tokio::test(start_paused = true)]
async fn a_breaker_opens_at_the_limit_of_the_file() {
    let _alone = alone().await;
    configure("[circuit_breaker.payment]\nfailure_threshold = 2\nopen_for = '5s'");
    fail(&PAYMENT).await;
    fail(&PAYMENT).await;
    assert_eq!(PAYMENT.state(), State::Open);
    assert_eq!(PAYMENT.snapshot().retry_after, Some(5 * SECOND));
}

#[tokio::test]
async fn every_limit_of_a_breaker_can_be_set() {
    let _alone = alone().await;
    configure(
        "[circuit_breaker.payment]
         failure_rate = 0.25
         minimum_calls = 8
         window = '90s'
         slow_call = '2s'
         slow_call_rate = 0.75
         open_for = '10s'
         open_backoff = { factor = 1.5, max = '2min' }
         half_open_probes = 2
         success_threshold = 4
         probe_timeout = '3s'
         on_abandon = 'failure'
         [circuit_breaker.stock]
         failure_threshold = 5
         window_calls = 50",
    );
    for line in [
        "failure_rate = 0.25",
        "minimum_calls = 8",
        "window = \"90s\"",
        "slow_call = \"2s\"",
        "slow_call_rate = 0.75",
        "open_for = \"10s\"",
        "open_backoff = { factor = 1.5, max = \"2min\" }",
        "half_open_probes = 2",
        "success_threshold = 4",
        "probe_timeout = \"3s\"",
        "on_abandon = \"failure\"",
    ] {
        assert_in_force("[circuit_breaker.payment]", line);
    }
    assert_in_force("[circuit_breaker.stock]", "failure_threshold = 5");
    assert_in_force("[circuit_breaker.stock]", "window_calls = 50");
}

#[tokio::test(start_paused = true)]
async fn a_bulkhead_has_the_slots_of_the_file() {
    let _alone = alone().await;
    configure("[bulkhead.payment]\nmax_concurrent = 3\nmax_wait = '2s'\nmax_queue = 1");
    let inside = || {
        POOL.call(async || {
            sleep(10 * SECOND).await;
            Ok::<_, ()>(())
        })
    };
    let began = Instant::now();
    let (a, b, c, waits, too_many) = tokio::join!(inside(), inside(), inside(), inside(), async {
        let result = inside().await;
        (result, began.elapsed())
    });
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    assert!(waits.is_err(), "gave up after 2 s");
    assert!(too_many.0.is_err());
    assert_eq!(too_many.1, Duration::ZERO, "one waits already");
}

#[tokio::test(start_paused = true)]
async fn a_shared_retry_tries_as_often_as_the_file_says() {
    let _alone = alone().await;
    configure(
        "[retry.standard]\nmax_attempts = 5\nbackoff = 'constant'\nbase_delay = '1s'\njitter = \
         'none'",
    );
    let began = Instant::now();
    charge(SECOND).await.expect_err("every attempt times out");
    assert_eq!(began.elapsed(), 5 * ms(800) + 4 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn max_elapsed_applies_from_the_file_until_a_file_without_it() {
    let _alone = alone().await;
    let delays = "[retry.standard]\nmax_attempts = 5\nbackoff = 'constant'\nbase_delay = \
         '1s'\njitter = 'none'\n";
    let elapsed = async || {
        let began = Instant::now();
        charge(SECOND).await.expect_err("every attempt times out");
        began.elapsed()
    };
    let attempts = |made: u32| made * ms(800) + (made - 1) * SECOND;
    configure(&format!("{delays}max_elapsed = '3s'"));
    assert_eq!(elapsed().await, attempts(2), "a third would begin too late");
    configure(delays);
    assert_eq!(elapsed().await, attempts(5));
}

#[tokio::test]
async fn every_limit_of_a_retry_can_be_set() {
    let _alone = alone().await;
    configure(
        "[retry.standard]
         max_attempts = 7
         base_delay = '20ms'
         max_delay = '1.5s'
         factor = 3
         jitter = 'equal'
         max_elapsed = '1min'
         max_retry_after = '5min'
         nested = 'allow'",
    );
    for line in [
        "max_attempts = 7",
        "backoff = \"exponential\"",
        "base_delay = \"20ms\"",
        "max_delay = \"1500ms\"",
        "factor = 3.0",
        "jitter = \"equal\"",
        "max_elapsed = \"1min\"",
        "max_retry_after = \"5min\"",
        "nested = \"allow\"",
    ] {
        assert_in_force("[retry.standard]", line);
    }
}

#[tokio::test(start_paused = true)]
async fn a_timeout_passes_when_the_file_says() {
    let _alone = alone().await;
    configure("[function.\"shop::charge\"]\ntimeout = '50ms'");
    let limit = ms(50);
    let error = charge(SECOND).await.expect_err("too slow");
    assert!(matches!(error, Error::TimedOut { limit: passed, .. } if passed == limit), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_options_in_the_attributes_of_a_function_can_be_set() {
    let _alone = alone().await;
    configure(
        "[function.\"shop::own\"]
         timeout = ['10s', '2s']
         retry = { max_attempts = 2, base_delay = '1s' }
         bulkhead = { max_concurrent = 1 }
         [function.\"shop::own\".circuit_breaker]
         failure_threshold = 1
         open_for = '7s'",
    );
    let (slow, crowded) = tokio::join!(
        async {
            let began = Instant::now();
            own(3 * SECOND).await.expect_err("both attempts time out");
            began.elapsed()
        },
        own(Duration::ZERO),
    );
    assert_eq!(slow, 2 * SECOND + SECOND + 2 * SECOND);
    assert!(matches!(crowded, Err(Error::BulkheadFull { .. })));
    let error = own(Duration::ZERO).await.expect_err("one failure has opened it");
    assert!(error.is_circuit_open() && error.retry_after() == Some(7 * SECOND), "{error}");
}

#[tokio::test]
async fn two_breakers_of_a_function_are_configured_by_their_order() {
    let _alone = alone().await;
    configure(
        "[[function.\"shop::nested\".circuit_breaker]]
         [[function.\"shop::nested\".circuit_breaker]]
         failure_threshold = 9",
    );
    let lines = in_force().join("\n");
    let (_, own) =
        lines.split_once("[[function.\"shop::nested\".circuit_breaker]]").expect("listed");
    let thresholds: Vec<_> =
        own.lines().filter(|line| line.starts_with("failure_threshold")).collect();
    assert_eq!(thresholds[..2], ["failure_threshold = 3", "failure_threshold = 9"]);
}

#[tokio::test(start_paused = true)]
async fn every_layer_of_a_policy_can_be_set() {
    let _alone = alone().await;
    configure(
        "[policy.mail]
         timeout = '1s'
         retry = { max_attempts = 2, base_delay = '0s' }
         circuit_breaker = { failure_threshold = 1 }
         bulkhead = { max_concurrent = 1, max_wait = '0s' }",
    );
    let began = Instant::now();
    let (slow, crowded) = tokio::join!(mail(9 * SECOND), mail(Duration::ZERO));
    assert!(matches!(slow, Err(Error::TimedOut { .. })));
    assert_eq!(began.elapsed(), 2 * SECOND);
    assert!(matches!(crowded, Err(Error::BulkheadFull { .. })));
    assert!(matches!(mail(Duration::ZERO).await, Err(Error::CircuitOpen { .. })));
}

#[tokio::test]
async fn durations_have_the_units_of_the_attributes() {
    let _alone = alone().await;
    for (written, shown) in [
        ("500ms", "500ms"),
        ("1.5s", "1500ms"),
        ("120s", "2min"),
        ("1h", "1h"),
        ("20us", "20us"),
        ("7ns", "7ns"),
    ] {
        configure(&format!("[circuit_breaker.payment]\nopen_for = \"{written}\""));
        assert_in_force("[circuit_breaker.payment]", &format!("open_for = \"{shown}\""));
    }
}

#[tokio::test]
async fn a_static_that_is_listed_by_hand_can_be_set() {
    let _alone = alone().await;
    configure("[bulkhead.unnamed]\nmax_concurrent = 1");
    assert_eq!(UNNAMED.snapshot().max_concurrent, 1);
}

#[tokio::test(start_paused = true)]
async fn keyed_instances_have_the_limits_of_the_file_whenever_they_were_created() {
    let _alone = alone().await;
    let slots = |tenant: &str| PER_TENANT.get(tenant).snapshot().max_concurrent;
    assert_eq!(slots("early"), 6);
    configure(
        "[bulkhead.tenant]\nmax_concurrent = 3\n[circuit_breaker.host]\nfailure_threshold = 1",
    );
    assert_eq!((slots("early"), slots("late")), (3, 3));
    let host = PER_HOST.get("late");
    fail(&host).await;
    assert_eq!(host.state(), State::Open);
    configure("");
    assert_eq!((slots("early"), slots("late")), (6, 6), "also those that were made under the file");
}

#[tokio::test(start_paused = true)]
async fn a_retry_budget_pays_as_the_file_says() {
    let _alone = alone().await;
    let attempts = async || {
        let before = stats_of("shop::budgeted").retries;
        budgeted(9 * SECOND).await.expect_err("too slow");
        stats_of("shop::budgeted").retries - before
    };
    assert_eq!(attempts().await, 0, "nothing is paid");
    configure("[retry_budget.retries]\nratio = 1.0");
    assert_eq!(attempts().await, 1);
    configure("");
    assert_eq!(attempts().await, 0);
    configure("[retry_budget.retries]\nmin_per_sec = 1");
    assert_eq!(attempts().await, 1);
}

#[tokio::test(start_paused = true)]
async fn an_adaptive_timeout_follows_the_range_of_the_file_at_once() {
    let _alone = alone().await;
    configure(
        "[adaptive_timeout.latency]\nmax = '2s'\nminimum_calls = 3\npercentile = 1\nmultiplier = \
         2.0\nwindow = '1h'",
    );
    assert_eq!(LATENCY.limit(), 2 * SECOND, "too few calls");
    for _ in 0..3 {
        followed(SECOND / 10).await.expect("within the limit");
    }
    let limit = LATENCY.limit();
    assert!((SECOND / 5..SECOND / 4).contains(&limit), "twice the slowest, not {limit:?}");
    configure("[adaptive_timeout.latency]\nmin = '500ms'\nminimum_calls = 3\nwindow = '1h'");
    assert_eq!(LATENCY.limit(), SECOND / 2);
    configure(
        "[adaptive_timeout.latency]\nmin = '1ms'\nmax = '20ms'\nminimum_calls = 3\nwindow = '1h'",
    );
    assert_eq!(LATENCY.limit(), SECOND / 50);
    configure("");
    assert_eq!(LATENCY.limit(), 4 * SECOND, "too few calls for the code");
}
