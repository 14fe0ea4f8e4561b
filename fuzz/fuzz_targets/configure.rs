//! Any text for `registry().configure`: see `resilience_tests::assert_round_trip`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use resilience_tests::assert_round_trip;

/// The program that the tests of `configure` configure.
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../../tests/tests/configure/program.rs"]
mod program;

fuzz_target!(|text: &str| assert_round_trip(text));
