//! A file with a mistake is refused as a whole, and every mistake is reported with its position.

use resilience::registry;
use resilience_options::{BulkheadOptions, Options, text};

use crate::file::{alone, configure, refused};

/// Returns the one mistake in the lines of a table.
#[track_caller]
fn one(table: &str, line: &str) -> String {
    let mistakes = refused(&format!("[{table}]\n{line}\n"));
    let [mistake] = &mistakes[..] else { panic!("one mistake, not {mistakes:#?}") };
    mistake.clone()
}

#[tokio::test]
async fn unknown_names_are_refused_with_the_nearest_known_one() {
    let _alone = alone().await;
    assert_eq!(
        refused(
            "[circuit_breaker.paymnet]\n[bulkhead.payments]\n[retry.standart]\n\
             [policy.mial]\n[function.charge]"
        ),
        [
            "1:18: no circuit breaker has the name `paymnet`: did you mean `payment`?",
            "2:11: no bulkhead has the name `payments`: did you mean `payment`?",
            "3:8: no retry policy has the name `standart`: did you mean `standard`?",
            "4:9: no policy has the name `mial`: did you mean `mail`?",
            "5:11: no annotated function has the name `charge`: did you mean `shop::charge`?",
        ]
    );
    assert_eq!(
        refused("[circuit_breaker.warehouse]"),
        ["1:18: no circuit breaker has the name `warehouse`: this program has `every`, `host`, \
            `payment` and `stock`"]
    );
}

/// As its capacity is.
#[tokio::test]
async fn the_share_of_keys_that_may_be_open_is_in_the_code_only() {
    let _alone = alone().await;
    let mistake = one("circuit_breaker.host", "max_open = 0.5");
    assert!(mistake.starts_with("2:1: unknown key `max_open`: "), "{mistake}");
}

#[tokio::test]
async fn unknown_keys_are_refused_with_the_nearest_known_one() {
    let _alone = alone().await;
    let keys: Vec<_> = BulkheadOptions::OPTIONS.iter().map(|option| option.name).collect();
    assert_eq!(
        one("circuit_breaker.payment", "failure_treshold = 3"),
        "2:1: unknown key `failure_treshold`: did you mean `failure_threshold`?"
    );
    assert_eq!(
        one("bulkhead.payment", "colour = 3"),
        format!("2:1: unknown key `colour`: the keys here are {}", text::list(&keys))
    );
    assert_eq!(
        one("function.'shop::own'", "timout = '1s'"),
        "2:1: unknown key `timout`: did you mean `timeout`?"
    );
    assert_eq!(
        refused("[circut_breaker.payment]\n"),
        ["1:2: unknown table `circut_breaker`: did you mean `circuit_breaker`?"]
    );
}

#[tokio::test]
async fn values_are_refused_in_the_words_of_the_compiler() {
    let _alone = alone().await;
    let breaker = |line| one("circuit_breaker.payment", line);
    assert_eq!(
        breaker("failure_threshold = 0"),
        "2:21: `failure_threshold` must be at least 1: with 0 the breaker would open before any \
         failure"
    );
    assert_eq!(
        breaker("failure_rate = 1.5"),
        "2:16: `failure_rate` must be more than 0.0 and at most 1.0: it is the share of calls \
         that fail"
    );
    assert_eq!(
        breaker("open_for = '0s'"),
        "2:12: `open_for` must be longer than zero: otherwise the breaker would never reject a call"
    );
    assert_eq!(
        breaker("open_backoff = { factor = 0.5, max = '5min' }"),
        "2:16: `open_backoff` needs a finite factor of at least 1.0: a smaller factor would \
         shrink the open spells"
    );
    assert_eq!(
        one("retry_budget.retries", "ratio = -0.5"),
        "2:9: `ratio` must be from 0.0 to 1000.0: it is the number of retries that each first \
         call pays for"
    );
    assert_eq!(
        refused("[adaptive_timeout.latency]\nmin = '5s'"),
        ["2:7: `min` is longer than `max`: no limit could satisfy both"]
    );
    assert_eq!(
        one("bulkhead.payment", "max_concurrent = 0"),
        "2:18: `max_concurrent` must be at least 1: with 0 every call would be rejected"
    );
    assert_eq!(
        one("retry.standard", "max_attempts = 1"),
        "2:16: `max_attempts` must be at least 2: the first call counts, so 1 never retries"
    );
    assert_eq!(
        one("policy.mail", "timeout = '0ms'"),
        "2:11: `timeout` must be longer than zero: no call can succeed in zero time"
    );
}

#[tokio::test]
async fn values_of_the_wrong_kind_are_refused_with_an_example() {
    let _alone = alone().await;
    let breaker = |line| one("circuit_breaker.payment", line);
    assert_eq!(
        breaker("window = 500"),
        "2:10: `500` has no unit: write `\"500s\"`, `\"500ms\"` or `\"500min\"`"
    );
    assert_eq!(
        breaker("window = '1 minute'"),
        "2:10: `minute` is no unit of time: write `\"1min\"`"
    );
    assert_eq!(
        breaker("window = '5m'"),
        "2:10: `m` is no unit of time: write `\"5min\"` for minutes, `\"5ms\"` for milliseconds"
    );
    assert_eq!(
        breaker("window = true"),
        "2:10: `window` must be a duration, as in `\"500ms\"`, `\"1.5s\"` or `\"2min\"`"
    );
    assert_eq!(
        breaker("failure_threshold = 'five'"),
        "2:21: `failure_threshold` must be a whole number, as in `failure_threshold = 3`"
    );
    assert_eq!(
        breaker("failure_threshold = -5"),
        "2:21: `failure_threshold` can't be negative: -5"
    );
    assert_eq!(
        breaker("failure_threshold = 5_000_000_000"),
        "2:21: `failure_threshold` can be at most 4294967295"
    );
    assert_eq!(
        breaker("on_abandon = 'fail'"),
        "2:14: `on_abandon` can't be `fail`: did you mean `failure`?"
    );
    assert_eq!(
        breaker("open_backoff = 2.0"),
        "2:16: `open_backoff` must be a factor and a longest spell, as in `open_backoff = { \
         factor = 2.0, max = \"5min\" }`"
    );
    assert_eq!(
        one("retry.standard", "jitter = 'random'"),
        "2:10: `jitter` can't be `random`: write `\"full\"`, `\"equal\"`, `\"decorrelated\"` or \
         `\"none\"`"
    );
    assert_eq!(
        refused("[circuit_breaker]\npayment = 5"),
        ["2:11: expected a table of options here, as in `[bulkhead.payment]`"]
    );
}

#[tokio::test]
async fn values_that_contradict_each_other_are_refused() {
    let _alone = alone().await;
    assert_eq!(
        refused("[circuit_breaker.payment]\nwindow_calls = 20\nwindow = '5s'\n"),
        ["3:10: `window` and `window_calls` exclude each other: the window is a duration or a \
          number of calls; keep one"]
    );
    assert_eq!(
        refused("[retry.standard]\nbase_delay = '5s'\nmax_delay = '1s'\n"),
        ["2:14: `base_delay` is longer than `max_delay`: every delay would be cut to `max_delay`"]
    );
    assert_eq!(
        one("circuit_breaker.payment", "minimum_calls = 5"),
        "2:17: `minimum_calls` only applies to a rate: add `failure_rate` or `slow_call`, or \
         remove `minimum_calls`"
    );
    assert_eq!(
        refused("[retry.standard]\nbackoff = 'linear'\nfactor = 2.0\n"),
        ["3:10: `factor` has no effect with a linear backoff; remove one of them"]
    );
}

#[tokio::test]
async fn values_that_contradict_the_code_are_refused() {
    let _alone = alone().await;
    assert_eq!(
        one("circuit_breaker.stock", "minimum_calls = 20"),
        "2:17: `minimum_calls` is more than `window_calls`: the window never holds enough calls, \
         and no rate could open the breaker"
    );
}

#[tokio::test]
async fn a_limit_that_could_never_pass_is_refused() {
    let _alone = alone().await;
    assert_eq!(
        one("function.'shop::nested'", "timeout = ['1s', '2s']"),
        "2:18: this limit (2s) can never pass: the outer `#[timeout]` ends the call after 1s; \
         write a shorter time, or remove it"
    );
    assert_eq!(
        refused("[function.'shop::patient']\ntimeout = '3500ms'\nbulkhead.max_wait = '4s'"),
        [
            "2:11: this `max_elapsed` (4s) can never pass: the outer `#[timeout]` ends the call \
             after 3.5s; write a shorter time, or remove it",
            "3:21: this `max_wait` (4s) can never pass: the outer `#[timeout]` ends the call \
             after 3.5s; write a shorter time, or remove it",
        ]
    );
    configure(
        "[function.'shop::detached']\ntimeout = ['2s', '3s'] # the work goes on when the first \
         has passed",
    );
    configure(
        "[function.'shop::own']\ntimeout = ['1s', '2s'] # each attempt of a retry begins anew",
    );
}

#[tokio::test]
async fn a_limit_that_outlasts_a_probe_is_refused() {
    let _alone = alone().await;
    assert_eq!(
        one("function.'shop::own'", "circuit_breaker.open_for = '1s'"),
        "2:28: a probe of the outer `#[circuit_breaker]` loses its place after 1s, before this \
         limit (1s) passes, so that more and more probes run beside each other: write a limit \
         shorter than 1s, or `probe_timeout = …` in the circuit breaker, longer than 1s"
    );
    assert!(
        one("function.'shop::nested'", "timeout = ['50s', '40s']").starts_with(
            "2:19: a probe of the outer `#[circuit_breaker]` loses its place after 30s"
        )
    );
    configure("[function.'shop::own'.circuit_breaker]\nopen_for = '1s'\nprobe_timeout = '2s'");
}

#[tokio::test]
async fn a_default_wait_is_limited_by_the_timeout_around() {
    let _alone = alone().await;
    configure("[function.'shop::brief']\ntimeout = '1s'");
    assert_eq!(
        one("function.'shop::brief'", "bulkhead.max_wait = '3s'"),
        "2:21: this `max_wait` (3s) can never pass: the outer `#[timeout]` ends the call after \
         2s; write a shorter time, or remove it"
    );
}

#[tokio::test]
async fn attempts_that_could_never_run_are_refused() {
    let _alone = alone().await;
    let delayed = |line| one("function.'shop::delayed'", line);
    assert_eq!(
        delayed("retry.max_attempts = 5"),
        "2:22: attempt 5 can never run: the delays before it add up to at least 4s, and the outer \
         `#[timeout]` ends the call after 4s; write `max_attempts = 4`, shorter delays, or a \
         longer timeout (write a limit for each attempt below the `#[retry]`)"
    );
    assert_eq!(
        delayed("retry = { base_delay = '9s', max_elapsed = '3s' }"),
        "2:44: nothing would ever be retried: the first delay (9s) is longer than `max_elapsed` \
         (3s); write shorter delays, or a longer `max_elapsed`"
    );
    assert_eq!(
        delayed("timeout = '1s'\nretry.max_elapsed = '900ms'"),
        "3:21: nothing would ever be retried: the first delay (1s) is longer than `max_elapsed` \
         (900ms); write shorter delays, or a longer `max_elapsed`"
    );
    assert_eq!(
        delayed("timeout = '3600ms'\nretry.base_delay = '1800ms'"),
        "3:20: attempts 3 to 4 can never run: the delays before attempt 3 add up to at least 3.6s, \
         and the outer `#[timeout]` ends the call after 3.6s; write `max_attempts = 2`, shorter \
         delays, or a longer timeout (write a limit for each attempt below the `#[retry]`)"
    );
    for jitter in ["equal", "decorrelated", "full"] {
        configure(&format!(
            "[function.'shop::delayed']\nretry = {{ max_attempts = 4, jitter = '{jitter}' }}"
        ));
    }
    configure("[function.'shop::delayed']\nretry = { max_attempts = 8, jitter = 'equal' }");
    assert_eq!(
        delayed("retry = { max_attempts = 9, jitter = 'equal' }"),
        "2:26: attempt 9 can never run: the delays before it add up to at least 4s, and the outer \
         `#[timeout]` ends the call after 4s; write `max_attempts = 8`, shorter delays, or a \
         longer timeout (write a limit for each attempt below the `#[retry]`)"
    );
}

#[tokio::test]
async fn a_wrong_value_does_not_hide_mistakes_in_others() {
    let _alone = alone().await;
    assert_eq!(
        refused(
            "[retry.standard]\nbase_delay = '5s'\nmax_delay = '1s'\nmax_attempts = 1\nnested = 3"
        ),
        [
            "2:14: `base_delay` is longer than `max_delay`: every delay would be cut to \
             `max_delay`",
            "4:16: `max_attempts` must be at least 2: the first call counts, so 1 never retries",
            "5:10: `nested` must be `\"collapse\"` or `\"allow\"`",
        ]
    );
    assert_eq!(
        refused(
            "[circuit_breaker.payment]\nfailure_rate = 50\nminimum_calls = 5\nslow_call_rate = 0.5"
        ),
        [
            "2:16: `failure_rate` must be more than 0.0 and at most 1.0: it is the share of calls \
             that fail",
            "4:18: `slow_call_rate` needs `slow_call`, the duration from which a call is slow: \
             add `slow_call`, or remove `slow_call_rate`",
        ],
        "whether minimum_calls means something is not known"
    );
}

#[tokio::test]
async fn each_mistake_is_one_line_even_if_a_name_has_several() {
    let _alone = alone().await;
    assert_eq!(
        one("bulkhead", "\"a \\\"strange\\\"\\nnam\" = {}"),
        "2:1: no bulkhead has the name `a \"strange\"\\nnam`: did you mean `a \
         \"strange\"\\nname\\`?"
    );
}

#[tokio::test]
async fn a_name_with_a_dot_must_be_quoted() {
    let _alone = alone().await;
    assert_eq!(
        refused("[retry.a.b]\nmax_attempts = 3"),
        ["1:8: no retry policy has the name `a`: write a name with a point in quotes, as in \
            `[retry.\"a.b\"]`"]
    );
}

#[tokio::test]
async fn a_list_needs_an_entry_for_each_layer() {
    let _alone = alone().await;
    let several = "2:11: `shop::nested` has 2 layers of this kind that a file can set: write a \
        list with a value for each, from the outside in, as in `timeout = [\"5s\", \"800ms\"]`";
    assert_eq!(one("function.'shop::nested'", "timeout = '1s'"), several);
    assert_eq!(one("function.'shop::nested'", "timeout = ['3s', '2s', '1s']"), several);
    assert_eq!(
        one("function.'shop::charge'", "timeout = ['3s', '2s']"),
        "2:11: `shop::charge` has one `timeout`: write it without a list"
    );
}

#[tokio::test]
async fn a_shared_policy_is_refused_with_the_table_to_write_instead() {
    let _alone = alone().await;
    let charge = |line| one("function.'shop::charge'", line);
    assert_eq!(
        charge("retry = { max_attempts = 5 }"),
        "2:1: the retry of `shop::charge` is shared: write `[retry.standard]`"
    );
    assert_eq!(
        charge("circuit_breaker = {}"),
        "2:1: the circuit breaker of `shop::charge` is shared: write `[circuit_breaker.payment]`"
    );
    assert_eq!(
        one("function.'shop::mail'", "timeout = '1s'"),
        "2:1: the timeout of `shop::mail` belongs to its policy: write `[policy.mail]`"
    );
    assert_eq!(
        one("function.'shop::mail'", "bulkhead = {}"),
        "2:1: the bulkhead of `shop::mail` belongs to its policy: write `[policy.mail.bulkhead]`"
    );
    assert_eq!(
        one("function.'shop::followed'", "timeout = '1s'"),
        "2:1: the timeout of `shop::followed` is shared: write `[adaptive_timeout.latency]`"
    );
    assert_eq!(
        refused("[circuit_breaker.mail]\n[bulkhead.'shop::own']"),
        [
            "1:18: no circuit breaker has the name `mail`: it is declared in the policy `mail`: \
             write `[policy.mail.circuit_breaker]`",
            "2:11: no bulkhead has the name `shop::own`: it is declared in the attributes of \
             `shop::own`: write `[function.\"shop::own\".bulkhead]`",
        ]
    );
}

#[tokio::test]
async fn options_that_only_the_code_can_set_are_refused() {
    let _alone = alone().await;
    let by_call = |line| one("function.'shop::by_call'", line);
    assert_eq!(
        by_call("timeout = '1s'"),
        "2:1: the timeout of `shop::by_call` is an expression in the code: a file can't change \
         its value"
    );
    assert_eq!(
        by_call("circuit_breaker = {}"),
        "2:1: the circuit breaker of `shop::by_call` is shared: write `[circuit_breaker.stock]`"
    );
    assert_eq!(
        by_call("retry = { backoff = 'constant' }"),
        "2:11: `backoff` is an expression in the code, computed for each call: a file can't \
         set it"
    );
    assert_eq!(
        one("function.'shop::nested'", "bulkhead = {}"),
        "2:1: `shop::nested` has no `#[bulkhead]`: only the code can add one"
    );
    assert_eq!(
        refused("[function.'shop::twin']\ntimeout = '1s'"),
        ["1:11: the name `shop::twin` is not unique, and a file can't distinguish the 2 that \
             have it: give each a unique name in the code"]
    );
    assert_eq!(
        refused("[function.'shop::twin']\ntimeout = '0s'").len(),
        1,
        "its table is not read"
    );
}

#[tokio::test]
async fn mistakes_are_reported_in_the_order_of_the_text() {
    let _alone = alone().await;
    let mistakes = refused(
        "# limits\n[circuit_breaker.payment]\nopen_for = '0s'\nfailure_treshold = \
         1\n\n[bulkhead.payment]\nmax_wait = 3\n[retry.no_such]\n",
    );
    let positions: Vec<_> =
        mistakes.iter().map(|mistake| mistake.split(": ").next().expect("a position")).collect();
    assert_eq!(positions, ["3:12", "4:1", "7:12", "8:8"], "{mistakes:#?}");
}

#[tokio::test]
async fn columns_are_counted_in_characters() {
    let _alone = alone().await;
    let mistakes =
        refused("[bulkhead]\n\"a \\\"strange\\\"\\nname\\\\\" = { \u{e4}\u{f6}\u{fc} = 1 }");
    assert!(mistakes[0].starts_with("2:"), "{mistakes:?}");
    assert_eq!(
        refused("\"\u{e4}\u{f6}\u{fc}\" = 1 \nretry.x.y = 1")[0].split(' ').next(),
        Some("1:1:")
    );
    assert_eq!(
        refused("retry = { \"\u{e4}\u{f6}\u{fc}\" = {}, y = {} }")[1].split(' ').next(),
        Some("1:23:")
    );
}

#[tokio::test]
async fn invalid_toml_is_refused_with_its_position() {
    let _alone = alone().await;
    let mistakes = refused("[bulkhead.payment]\nmax_concurrent = \n");
    assert!(mistakes[0].starts_with("2:1"), "{mistakes:?}");
    let mistakes = refused("[bulkhead.payment]\n[bulkhead.payment]\n");
    assert!(mistakes[0].starts_with("2:"), "{mistakes:?}");
}

#[tokio::test]
async fn the_error_lists_all_mistakes_with_their_positions() {
    let _alone = alone().await;
    let error = registry()
        .configure("[bulkhead.pyament]\n[retry.standard]\nmax_attempts = 1")
        .expect_err("wrong");
    assert_eq!(
        error.to_string(),
        "the configuration is refused, nothing has changed:
  line 1, column 11: no bulkhead has the name `pyament`: did you mean `payment`?
  line 3, column 16: `max_attempts` must be at least 2: the first call counts, so 1 never retries"
    );
    let missing = registry().configure_from_path("/no/such/resilience.toml").expect_err("missing");
    assert!(missing.to_string().starts_with(
        "the configuration in `/no/such/resilience.toml` can't be read, nothing has changed: "
    ));
    assert!(std::error::Error::source(&missing).is_some());
    assert!(missing.diagnostics().is_empty());
}

/// The page on configuration has a text with mistakes, and the error that lists them.
#[tokio::test]
async fn the_page_shows_the_error_of_its_text() {
    let _alone = alone().await;
    let page = include_str!("../../../resilience-runtime/docs/configuration.md");
    let (_, section) = page.split_once("# All or nothing").expect("a section");
    let block = |language: &str| {
        let (_, block) = section.split_once(&format!("```{language}\n")).expect("a block");
        block.split_once("```").expect("its end").0
    };
    let error = registry().configure(block("toml")).expect_err("mistakes");
    assert_eq!(block("text").trim_end(), error.to_string());
}
