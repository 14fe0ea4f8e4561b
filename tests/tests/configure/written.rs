//! The file that the registry writes.

use resilience::registry;

use crate::file::{alone, configure, in_force};
use crate::program::POOL;

#[tokio::test]
async fn a_written_file_is_accepted_and_changes_nothing() {
    let _alone = alone().await;
    for text in [
        "",
        "[circuit_breaker.payment]\nfailure_rate = 0.1\nslow_call = '7ns'\nopen_backoff = { factor \
         = 1e300, max = '1h' }",
        "[function.'shop::own']\ntimeout = ['3s', '1.25s']\nretry = { max_attempts = 7, base_delay \
         = '20ms' }",
        "[circuit_breaker.stock]\nwindow = '18446744073709551615s'\nfailure_threshold = 4294967295",
        "[function.'shop::brief']\ntimeout = '1s'\n[function.'shop::constant']\ntimeout = '3s'",
    ] {
        configure(text);
        let written = registry().to_toml();
        configure(&written);
        assert_eq!(registry().to_toml(), written);
    }
}

#[tokio::test]
async fn a_written_file_names_everything() {
    let _alone = alone().await;
    let tables: Vec<_> = in_force().into_iter().filter(|line| line.starts_with('[')).collect();
    assert_eq!(
        tables,
        [
            "[circuit_breaker.every]",
            "[circuit_breaker.host]",
            "[circuit_breaker.payment]",
            "[circuit_breaker.stock]",
            "[bulkhead.\"a \\\"strange\\\"\\U0000000Aname\\\\\"]",
            "[bulkhead.payment]",
            "[bulkhead.tenant]",
            "[bulkhead.unnamed]",
            "[rate_limiter.reloaded]",
            "[rate_limiter.\"reloaded tenant\"]",
            "[retry.\"a.b\"]",
            "[retry.standard]",
            "[retry_budget.retries]",
            "[adaptive_timeout.latency]",
            "[policy.limited.rate_limiter]",
            "[policy.mail]",
            "[policy.mail.retry]",
            "[policy.mail.circuit_breaker]",
            "[policy.mail.bulkhead]",
            "[function.\"shop::brief\"]",
            "[function.\"shop::brief\".bulkhead]",
            "[function.\"shop::budgeted\"]",
            "[function.\"shop::budgeted\".retry]",
            "[function.\"shop::by_call\".retry]",
            "[function.\"shop::capped\".retry]",
            "[function.\"shop::charge\"]",
            "[function.\"shop::constant\"]",
            "[function.\"shop::constant\".bulkhead]",
            "[function.\"shop::delayed\"]",
            "[function.\"shop::delayed\".retry]",
            "[function.\"shop::detached\"]",
            "[function.\"shop::nested\"]",
            "[[function.\"shop::nested\".circuit_breaker]]",
            "[[function.\"shop::nested\".circuit_breaker]]",
            "[function.\"shop::own\"]",
            "[function.\"shop::own\".retry]",
            "[function.\"shop::own\".circuit_breaker]",
            "[function.\"shop::own\".bulkhead]",
            "[function.\"shop::patient\"]",
            "[function.\"shop::patient\".retry]",
            "[function.\"shop::patient\".bulkhead]",
        ]
    );
}

#[tokio::test]
async fn each_limit_has_a_comment() {
    let _alone = alone().await;
    let text = registry().to_toml();
    for line in text.lines().filter(|line| line.contains(" = ")) {
        let (limit, comment) = line.rsplit_once("# ").expect("a comment");
        assert!(!limit.is_empty() && comment.len() > 5, "{line}");
    }
    assert!(text.contains("\nmax_concurrent = 2              # calls inside at once\n"), "{text}");
    let rate = text.lines().find(|line| line.starts_with("# failure_rate =")).unwrap_or_default();
    assert!(rate.ends_with("# share of failed calls in the window that opens it"), "{rate}");
}

#[tokio::test]
async fn a_written_file_says_which_functions_it_can_not_distinguish() {
    let _alone = alone().await;
    let text = registry().to_toml();
    assert!(
        text.contains("# function \"shop::twin\": not configurable, because 2 have this name."),
        "{text}"
    );
    assert!(!text.contains("[function.\"shop::twin\"]"));
}

#[tokio::test]
async fn a_resize_by_hand_is_a_comment_and_not_a_value() {
    let _alone = alone().await;
    POOL.resize(0);
    let text = registry().to_toml();
    assert!(
        text.contains(
            "[bulkhead.payment]\n\
             # The program has resized max_concurrent to 0. This value stays in force.\n\
             max_concurrent = 2 "
        ),
        "{text}"
    );
    configure(&text);
    assert_eq!(POOL.snapshot().max_concurrent, 0);
}
