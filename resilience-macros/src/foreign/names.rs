//! The tables: other libraries' names, the meaning of their values, and what to write instead.
//!
//! The sources are resilience4j, Polly, Hystrix, `MicroProfile`, tenacity, backon, `backoff`,
//! tower, failsafe, opossum, gobreaker, pybreaker and recloser. Of two entries with one name the
//! first applies whose meaning fits the value.

use super::value::Meaning::{
    self, Any, Count, Fraction, Function, Millis, Minutes, No, NotPredicate, Predicate,
    Repetitions, Same, Seconds, Share, Successes, Time, Yes,
};
use crate::attribute::AttributeKind;

/// Names with the same meaning.
pub(super) struct Foreign {
    pub(super) names: &'static [&'static str],
    pub(super) meaning: Meaning,
    /// The replacement; `{}` is the translated value.
    pub(super) advice: &'static str,
}

const fn foreign(
    names: &'static [&'static str],
    meaning: Meaning,
    advice: &'static str,
) -> Foreign {
    Foreign { names, meaning, advice }
}

/// The names for one attribute.
pub(super) fn names(attribute: AttributeKind) -> impl Iterator<Item = &'static Foreign> {
    let own: &[Foreign] = match attribute {
        AttributeKind::Timeout => &TIMEOUT,
        AttributeKind::Retry => &RETRY,
        AttributeKind::CircuitBreaker => &CIRCUIT_BREAKER,
        AttributeKind::Bulkhead => &BULKHEAD,
        AttributeKind::RateLimiter => &RATE_LIMITER,
        AttributeKind::Fallback => &FALLBACK,
        AttributeKind::Resilient => &RESILIENT,
    };
    let common: &[Foreign] =
        if attribute == AttributeKind::Fallback { &COMMON[..1] } else { &COMMON };
    own.iter().chain(common)
}

#[rustfmt::skip]
const COMMON: [Foreign; 2] = [
    foreign(
        &["on_retry", "on_retries", "notify", "before_sleep", "before", "after", "on_backoff",
          "on_giveup", "on_success", "on_failed_attempt", "on_retries_exceeded", "on_break",
          "on_open", "on_opened", "on_close", "on_closed", "on_reset", "on_half_open",
          "on_half_opened", "on_state_change", "on_state_changed", "on_failure", "on_error",
          "on_rejected", "on_bulkhead_rejected", "listener", "listeners", "event_listener",
          "event_consumer_buffer_size", "log", "logger", "instrument", "on_event", "on_timeout",
          "retry_error_callback", "state_listener", "metrics", "callback"],
        Any, "give a function to `resilience::observe`, which sees each event of the program",
    ),
    foreign(
        &["fallback", "fallback_method", "fallback_function", "on_fallback", "or_else"],
        Function, "write `#[fallback({})]` above",
    ),
];

#[rustfmt::skip]
const RETRY: [Foreign; 21] = [
    foreign(
        &["attempts", "tries", "max_tries", "stop_after_attempt", "maximum_attempts",
          "max_attempt", "num_attempts", "number_of_attempts", "attempt_count", "total_attempts"],
        Count, "write `max_attempts = {}`, which counts the first call too",
    ),
    foreign(
        &["retries", "max_retries", "max_retry_attempts", "times", "max_times", "retry_count",
          "num_retries", "number_of_retries", "max_retry", "max_retry_count", "retry_attempts",
          "count", "n", "take", "limit", "max", "total", "repeat"],
        Repetitions, "write `max_attempts = {}`, which counts the first call too",
    ),
    foreign(
        &["wait_fixed", "constant", "fixed", "wait_constant", "constant_delay", "fixed_delay",
          "fixed_interval"],
        Time, "write `base_delay = {}, backoff = fixed`",
    ),
    foreign(
        &["delay", "initial_delay", "min_delay", "min_timeout", "initial_interval", "interval",
          "initial_backoff", "min_backoff", "wait", "wait_duration", "wait_exponential", "min",
          "wait_time", "wait_between", "retry_delay", "sleep", "sleep_duration", "period",
          "backoff_delay", "base", "initial", "min_wait", "min_interval", "first_delay",
          "delay_between", "base_interval", "wait_random", "wait_incrementing", "initial_wait",
          "pause", "median_first_retry_delay", "exponential", "wait_exponential_jitter",
          "wait_random_exponential", "backoff_base", "base_backoff", "start_delay", "start"],
        Time, "write `base_delay = {}`",
    ),
    foreign(
        &["max_interval", "max_backoff", "max_wait_duration", "max_timeout", "max_wait",
          "exponential_max_wait_duration", "maximum_delay", "maximum_backoff", "delay_cap",
          "cap", "max_sleep", "max_retry_delay", "backoff_max", "max_wait_time"],
        Time, "write `max_delay = {}`",
    ),
    foreign(
        &["multiplier", "exponential_base", "exponential_backoff_multiplier", "exp_base",
          "exponent", "backoff_multiplier", "backoff_factor", "backoff_rate", "rate",
          "backoff_coefficient", "growth"],
        Same, "write `factor = {}`",
    ),
    foreign(
        &["max_elapsed_time", "max_total_delay", "max_duration", "total_delay", "stop_after_delay",
          "max_time", "max_retry_time", "total_timeout", "max_total_time", "overall_timeout",
          "deadline", "time_limit", "retry_timeout", "stop_after"],
        Time, "write `max_elapsed = {}`",
    ),
    foreign(
        &["if", "on", "only_if", "retry_if", "retry_on", "condition", "filter", "predicate",
          "should_retry", "should_handle", "handle", "handle_if", "retry_for", "retryable",
          "retry_exceptions", "retry_on_exception", "retry_on_exception_predicate", "exceptions",
          "exception", "include", "retry_if_exception", "retry_if_exception_type", "on_exception",
          "retry_condition", "is_retryable", "retry_when", "error", "errors", "classifier",
          "can_retry", "value"],
        Predicate, "write `when = {}`",
    ),
    foreign(
        &["abort_on", "abort_if", "abort_when", "ignore_exceptions", "ignore", "ignore_errors",
          "no_retry_for", "exclude", "giveup", "give_up", "stop_if", "unless", "not_on", "skip",
          "skip_on", "retry_unless", "retry_if_not_exception_type", "ignore_exception_predicate"],
        NotPredicate, "write `when = {}`",
    ),
    foreign(
        &["retry_on_result", "retry_on_result_predicate", "retry_if_result", "handle_result",
          "when_result", "result_predicate", "if_result", "on_result", "on_predicate"],
        Predicate, "write `when_ok = {}`",
    ),
    foreign(
        &["use_jitter", "enable_randomized_wait", "randomize", "randomized", "random",
          "randomized_wait", "jittered", "add_jitter", "full_jitter"],
        No, "write `jitter = none`",
    ),
    foreign(
        &["use_jitter", "enable_randomized_wait", "randomize", "randomized", "random",
          "randomized_wait", "randomization_factor", "randomized_wait_factor", "jitter_factor",
          "max_jitter", "jitter_delay", "jittered", "add_jitter", "full_jitter", "jitter_seed",
          "jitter_strategy", "jitter_type"],
        Any, "leave it out, because the delays are random by default: `jitter = full`",
    ),
    foreign(
        &["enable_exponential_backoff", "exponential_backoff", "use_exponential_backoff"],
        Yes, "write `backoff = exponential`, which is the default",
    ),
    foreign(&["enable_exponential_backoff", "exponential_backoff"], No, "write `backoff = fixed`"),
    foreign(
        &["backoff_type", "strategy", "backoff_strategy", "delay_type", "policy_type", "mode"],
        Any, "write `backoff = exponential`, `linear` or `fixed`",
    ),
    foreign(
        &["interval_function", "delay_generator", "sleep_duration_provider", "interval_bi_function",
          "delay_function", "backoff_fn", "backoff_function", "delay_fn", "sleep_durations",
          "delays", "intervals", "wait_chain"],
        Any, "write `backoff = |attempt| …`, a function from the attempt's number to a `Duration`",
    ),
    foreign(
        &["policy", "config", "retry_policy", "with", "builder", "options", "template"],
        Function, "write the name of a `static RetryPolicy`, as in `#[retry({})]`",
    ),
    foreign(
        &["timeout", "per_try_timeout", "attempt_timeout", "call_timeout", "try_timeout",
          "request_timeout", "timeout_per_attempt", "per_attempt_timeout"],
        Time, "write `#[timeout({})]` below, for a limit of each attempt",
    ),
    foreign(
        &["fail_after_max_attempts", "reraise", "raise_on_giveup", "last_error_only"],
        Any, "leave it out: the last error is returned as it is",
    ),
    foreign(
        &["forever", "infinite", "unlimited", "stop_never", "max_times_unlimited"],
        Any, "write a large `max_attempts`, and a `max_elapsed` that ends the attempts",
    ),
    foreign(
        &["circuit_breaker", "breaker"], Function, "write `#[circuit_breaker({})]` below",
    ),
];

#[rustfmt::skip]
const CIRCUIT_BREAKER: [Foreign; 31] = [
    foreign(
        &["failure_rate_threshold", "failure_ratio", "error_threshold_percentage", "error_rate",
          "error_threshold", "failure_percentage", "failure_rate_percent", "error_percentage",
          "failure_rate_percentage", "failure_percent", "failure_percentage_threshold",
          "error_rate_threshold", "error_ratio", "failure_rate_in_percent",
          "circuit_breaker_error_threshold_percentage", "max_error_rate", "max_failure_rate"],
        Share, "write `failure_rate = {}`",
    ),
    foreign(
        &["success_rate", "required_success_rate", "min_success_rate", "success_ratio",
          "success_rate_threshold"],
        Successes, "write `failure_rate = {}`",
    ),
    foreign(
        &["slow_call_rate_threshold", "slow_call_percentage", "slow_rate", "slow_call_ratio",
          "slow_call_rate_percent"],
        Share, "write `slow_call_rate = {}`",
    ),
    foreign(
        &["slow_call_duration_threshold", "slow_call_duration", "slow_call_threshold", "slow",
          "slow_threshold", "slow_call_after", "slow_after", "slow_calls"],
        Time, "write `slow_call = {}`",
    ),
    foreign(
        &["sliding_window_size", "window_size", "ring_buffer_size_in_closed_state", "sampling_size",
          "rolling_window", "sliding_window", "sample_size", "closed_len", "buffer_size",
          "failure_thresholding_capacity", "window_length", "num_calls"],
        Count, "write `window_calls = {}`",
    ),
    foreign(
        &["sliding_window_size", "window_size", "sampling_duration", "rolling_count_timeout",
          "rolling_window", "sliding_window", "metrics_rolling_stats_time", "window_duration",
          "time_window", "rolling_window_size", "evaluation_window", "measurement_window",
          "window_length", "sampling_period", "rolling_period", "window_time",
          "sliding_window_duration"],
        Time, "write `window = {}`",
    ),
    foreign(
        &["sliding_window_type", "window_type"],
        Any, "write `window_calls = 100` for a number of calls, or `window = 10s` for a time",
    ),
    foreign(
        &["minimum_number_of_calls", "minimum_throughput", "request_volume_threshold", "min_calls",
          "min_throughput", "volume_threshold", "min_requests", "min_request_threshold",
          "minimum_requests", "minimum_number_of_requests", "min_number_of_calls",
          "minimum_request_volume", "request_threshold", "min_samples",
          "circuit_breaker_request_volume_threshold", "min_request_count", "minimum_throughput_count",
          "failure_execution_threshold"],
        Count, "write `minimum_calls = {}`",
    ),
    foreign(
        &["wait_duration_in_open_state", "wait_duration_in_open", "break_duration",
          "duration_of_break", "sleep_window", "reset_timeout", "recovery_timeout", "cooldown",
          "cool_down", "cooldown_period", "open_duration", "open_timeout", "half_open_after",
          "open_wait", "timeout", "delay", "retry_after", "open_time", "wait_duration",
          "reset_after", "reset", "sleep", "recovery_time", "wait", "open_state_duration", "time_in_open_state",
          "timeout_duration", "wait_interval", "retry_timeout", "reset_time", "break_time",
          "close_after", "open_state_timeout", "circuit_breaker_sleep_window", "pause_time",
          "base_ejection_time"],
        Time, "write `open_for = {}`",
    ),
    foreign(
        &["permitted_number_of_calls_in_half_open_state", "permitted_calls_in_half_open",
          "ring_buffer_size_in_half_open_state", "max_requests", "half_open_max_calls",
          "half_open_max_requests", "half_open_requests", "half_open_calls", "half_open_len",
          "half_open_max", "max_half_open_calls", "probes", "max_probes", "half_open_limit",
          "half_open_attempts", "permitted_number_of_calls", "half_open_permits"],
        Count, "write `half_open_probes = {}`, and `success_threshold = {}` to close after as many",
    ),
    foreign(
        &["success_count", "successes", "required_successes", "success_required",
          "consecutive_successes", "close_after_successes", "num_successes", "half_open_successes",
          "half_open_success_threshold", "successes_to_close"],
        Count, "write `success_threshold = {}`",
    ),
    foreign(
        &["max_wait_duration_in_half_open_state", "half_open_timeout", "half_open_duration",
          "probe_after", "half_open_wait", "trial_timeout"],
        Time, "write `probe_timeout = {}`",
    ),
    foreign(&["threshold", "failures", "error_count"], Fraction, "write `failure_rate = {}`"),
    foreign(
        &["failures", "max_failures", "threshold", "run", "in_a_row", "fail_max", "failure_count",
          "consecutive", "consecutive_errors", "consecutive_5xx_errors", "max_errors", "errors",
          "handled_events_allowed_before_breaking", "exceptions_allowed_before_breaking",
          "failures_in_a_row", "max_consecutive_failures", "failure_limit", "max_failure",
          "consecutive_failure", "consecutive_breaker", "max_fails", "error_count", "trip_after",
          "max_consecutive_errors", "consecutive_failure_threshold", "failures_before_open"],
        Count, "write `consecutive_failures = {}`",
    ),
    foreign(
        &["if", "on", "only_if", "condition", "filter", "predicate", "should_handle", "handle",
          "handle_if", "record_exceptions", "record_exception", "record_failure_predicate",
          "record_failure", "fail_on", "expected_exception", "failure_predicate", "is_failure",
          "error", "failure_classifier", "record_if", "failure_if", "error_filter", "counts",
          "classifier", "error_with", "trip_on", "exceptions", "retry_on"],
        Predicate, "write `when = {}`",
    ),
    foreign(
        &["ignore_exceptions", "ignore", "ignore_errors", "ignore_exception", "ignore_if", "exclude",
          "skip_on", "ignore_exception_predicate", "is_successful", "ignored", "excludes", "unless",
          "is_success", "exclude_exceptions", "ignored_exceptions", "ignore_predicate"],
        NotPredicate, "write `when = {}`",
    ),
    foreign(
        &["record_result_predicate", "record_result", "handle_result", "result_predicate"],
        Predicate, "write `when_ok = {}`",
    ),
    foreign(
        &["exponential_backoff_factor", "backoff_factor", "delay_factor", "backoff_multiplier"],
        Same, "write `open_backoff = ({}, 10min)`, whose second part is the longest spell",
    ),
    foreign(
        &["max_reset_timeout", "max_open_duration", "max_open_for", "max_break_duration",
          "max_sleep_window", "max_backoff", "max_delay", "max_wait_duration"],
        Time, "write `open_backoff = (2.0, {})`, whose first part is the growth of a spell",
    ),
    foreign(
        &["jitter", "jitter_factor", "randomization_factor", "open_for_jitter"],
        Same, "write `open_jitter = {}`, the largest share by which an open spell is longer",
    ),
    foreign(
        &["backoff", "break_duration_generator", "wait_interval_function_in_open_state"],
        Any, "write `open_backoff = (2.0, 10min)`, the growth of an open spell and its longest",
    ),
    foreign(
        &["interval", "rolling_count_buckets", "buckets", "metrics_rolling_stats_num_buckets"],
        Any, "write `window = 10s`, the time whose calls a `failure_rate` looks at",
    ),
    foreign(
        &["automatic_transition_from_open_to_half_open_enabled", "auto_transition"],
        Any, "leave it out: after `open_for` the next call is the probe",
    ),
    foreign(
        &["writable_stack_trace_enabled", "register_health_indicator", "allow_health_indicator_to_fail"],
        Any, "leave it out: `resilience::health` shows each circuit breaker",
    ),
    foreign(
        &["ready_to_trip", "failure_policy", "trip", "trip_if", "policy_fn"],
        Any, "write `consecutive_failures = 5`, or `failure_rate = 0.5, window = 10s`",
    ),
    foreign(
        &["force_open", "force_closed", "manual_control", "enabled", "disabled", "initial_state"],
        Any, "declare a `static CircuitBreaker`, which a program opens and closes by its methods",
    ),
    foreign(
        &["execution_timeout", "execution_isolation_thread_timeout", "call_timeout", "timeout_limit",
          "command_timeout"],
        Time, "write `#[timeout({})]` below",
    ),
    foreign(
        &["breaker", "circuit_breaker", "policy", "cb", "config", "with", "instance", "shared",
          "circuit", "state"],
        Function, "write `#[circuit_breaker({})]`, the name of a `static CircuitBreaker`",
    ),
    foreign(
        &["group_key", "command_key", "id", "key", "group", "resource", "label", "thread_pool_key",
          "breaker_name", "circuit_name", "backend"],
        Any, "declare `static PAYMENT: CircuitBreaker = CircuitBreaker::new(\"payment\");` and \
         write `#[circuit_breaker(PAYMENT)]`",
    ),
    foreign(
        &["max_concurrency", "max_concurrent_calls", "max_concurrent_requests"],
        Count, "write `#[bulkhead(max_concurrent = {})]` above",
    ),
    foreign(
        &["retries", "max_retries"], Repetitions, "write `#[retry(max_attempts = {})]` above",
    ),
];

#[rustfmt::skip]
const BULKHEAD: [Foreign; 7] = [
    foreign(
        &["concurrency", "limit", "max_concurrent_calls", "permits", "size", "max", "max_calls",
          "max_parallelization", "permit_limit", "max_concurrency", "concurrency_limit", "slots",
          "core_size", "core_thread_pool_size", "max_thread_pool_size", "pool_size", "capacity",
          "max_parallel", "parallelism", "workers", "max_in_flight", "in_flight", "max_permits",
          "max_concurrent_requests", "semaphore", "max_size", "maximum_size", "value", "calls",
          "threads", "max_threads", "execution_isolation_semaphore_max_concurrent_requests",
          "fallback_isolation_semaphore_max_concurrent_requests", "max_active", "concurrent",
          "max_connections", "concurrent_calls", "max_parallel_calls"],
        Count, "write `max_concurrent = {}`",
    ),
    foreign(
        &["max_queuing_actions", "queue_limit", "queue_capacity", "max_queue_size", "queue_size",
          "queue", "max_waiting", "max_pending", "waiting_task_queue", "backlog", "buffer",
          "queue_size_rejection_threshold", "max_queued", "pending", "max_waiters", "queue_length",
          "queue_depth", "waiting", "max_queue_length"],
        Count, "write `max_queue = {}`",
    ),
    foreign(
        &["max_wait_duration", "max_wait_time", "wait", "timeout", "wait_timeout", "queue_timeout",
          "acquire_timeout", "wait_time", "wait_duration", "max_queue_time", "permit_timeout",
          "timeout_duration", "max_queue_wait", "wait_for"],
        Time, "write `max_wait = {}`",
    ),
    foreign(
        &["fair_call_handling_enabled", "fair", "fairness", "type", "writable_stack_trace_enabled",
          "keep_alive_duration", "isolation", "execution_isolation_strategy", "reject"],
        Any, "leave it out: waiting calls get their slots in the order in which they came",
    ),
    foreign(
        &["pool", "bulkhead", "policy", "config", "with", "instance", "shared"],
        Function, "write `#[bulkhead({})]`, the name of a `static Bulkhead`",
    ),
    foreign(
        &["id", "key", "group", "group_key", "thread_pool_key", "label", "pool_name"],
        Any, "declare `static POOL: Bulkhead = Bulkhead::new(\"payment\");` and write \
         `#[bulkhead(POOL)]`",
    ),
    foreign(
        &["rate", "rate_limit", "limit_for_period", "requests_per_second", "per_second"],
        Any, "a bulkhead limits the calls inside at once, `max_concurrent = 10`, not their rate: \
         that is `#[rate_limiter]`",
    ),
];

#[rustfmt::skip]
const RATE_LIMITER: [Foreign; 6] = [
    foreign(
        &["rate", "rps", "qps", "requests_per_second", "calls_per_second", "limit_per_second",
          "limit_for_period", "rate_limit", "limit", "permits", "max_calls", "replenish"],
        Count, "write `per_second = {}`, or `per = ({}, 1min)` for another time",
    ),
    foreign(
        &["burst_size", "allow_burst", "capacity", "max_burst", "bucket_size", "token_limit",
          "bucket_capacity"],
        Count, "write `burst = {}`",
    ),
    foreign(
        &["timeout_duration", "max_wait_time", "wait", "timeout", "wait_timeout", "max_delay",
          "acquire_timeout", "wait_time"],
        Time, "write `max_wait = {}`",
    ),
    foreign(&["tokens", "weight", "n", "permit_count", "quota"], Same, "write `cost = {}`"),
    foreign(
        &["period", "interval", "window", "limit_refresh_period", "replenishment_period",
          "refill_interval"],
        Time, "write the number of calls beside it, `per = (100, {})`",
    ),
    foreign(
        &["limiter", "rate_limiter", "policy", "config", "with", "instance", "shared"],
        Function, "write `#[rate_limiter({})]`, the name of a `static RateLimiter`",
    ),
];

#[rustfmt::skip]
const TIMEOUT: [Foreign; 8] = [
    foreign(&["cancel_running_future", "cancelable", "cancel_on_timeout"], No, "write `cancel = false`"),
    foreign(
        &["cancel_running_future", "cancelable", "cancel_on_timeout"],
        Any, "leave it out: work that takes too long is dropped by default",
    ),
    foreign(
        &["timeout_strategy", "strategy", "detached", "detach", "abandon", "background"],
        Any, "write `cancel = false` for work that goes on after the limit",
    ),
    foreign(
        &["millis", "ms", "milliseconds", "msec"], Millis, "write `#[timeout({})]`",
    ),
    foreign(
        &["seconds", "secs", "s", "sec"], Seconds, "write `#[timeout({})]`",
    ),
    foreign(
        &["minutes", "mins", "min"], Minutes, "write `#[timeout({})]`",
    ),
    foreign(
        &["timeout_duration", "timeout", "duration", "limit", "after", "value", "max", "deadline",
          "call_timeout", "execution_timeout", "time", "max_duration", "timeout_generator", "t",
          "execution_isolation_thread_timeout", "within", "max_time", "time_limit", "delay",
          "request_timeout", "timeout_limit", "wait", "max_elapsed", "expires", "period"],
        Time, "write `#[timeout({})]`",
    ),
    foreign(
        &["unit", "time_unit", "chrono_unit"], Any, "write the unit behind the number: `#[timeout(5s)]`",
    ),
];

#[rustfmt::skip]
const FALLBACK: [Foreign; 4] = [
    foreign(
        &["default", "default_value", "return_value", "or", "constant", "result", "with_value",
          "fallback_value", "unwrap_or", "fallback_result", "returns"],
        Same, "write `value = {}`",
    ),
    foreign(
        &["fallback_method", "fallback_function", "method", "function", "fallback", "handler",
          "with", "fallback_action", "or_else", "path", "call", "to", "then", "fn", "r#fn", "func",
          "default_method", "recover", "callback", "action", "default_fallback"],
        Function, "write `#[fallback({})]`",
    ),
    foreign(
        &["apply_on", "on", "if", "should_handle", "handle", "handle_if", "predicate", "condition",
          "only_if", "exceptions", "exception", "error", "errors", "for", "filter", "on_error"],
        Predicate, "write `when = {}`",
    ),
    foreign(
        &["skip_on", "ignore", "unless", "ignore_exceptions", "exclude", "skip"],
        NotPredicate, "write `when = {}`",
    ),
];

#[rustfmt::skip]
const RESILIENT: [Foreign; 6] = [
    foreign(
        &["policy", "config", "with", "pipeline", "strategy", "instance"],
        Function, "write `#[resilient({})]`, the name of a `static Policy`",
    ),
    foreign(&["default", "default_value", "or", "fallback_value"], Same, "write `value = {}`"),
    foreign(
        &["fallback_method", "fallback_function", "or_else", "recover"],
        Function, "write `fallback = {}`",
    ),
    foreign(
        &["if", "on", "retry_if", "retry_on", "should_handle", "handle", "handle_if", "predicate",
          "condition"],
        Predicate, "write `when = {}`",
    ),
    foreign(
        &["retries", "max_retries", "attempts", "max_retry_attempts", "failure_rate_threshold",
          "delay", "max_concurrent_calls", "wait_duration", "break_duration", "timeout_duration",
          "limit", "timeout_ms", "timeout_secs"],
        Any, "set it where the `static Policy` is declared",
    ),
    foreign(
        &["id", "key", "group", "label"],
        Any, "declare `static PAYMENT: Policy = Policy::important(\"payment\");` and write \
         `#[resilient(PAYMENT)]`",
    ),
];
