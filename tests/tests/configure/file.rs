//! Helpers that apply a file and read the limits in force.

use resilience::registry;
use tokio::sync::{Mutex, MutexGuard};

use crate::program::POOL;

/// Waits until no other test configures the program, and resets it: a program has one
/// configuration.
pub(crate) async fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::const_new(());
    let turn = TURN.lock().await;
    configure("");
    POOL.resize_as_configured();
    for breaker in registry().circuit_breakers() {
        breaker.reset();
    }
    turn
}

#[track_caller]
pub(crate) fn configure(text: &str) {
    if let Err(error) = registry().configure(text) {
        panic!("{error}")
    }
}

/// Returns the mistakes of a text that must have some, as `line:column: message`.
#[track_caller]
pub(crate) fn refused(text: &str) -> Vec<String> {
    let error = registry().configure(text).expect_err(text);
    let mistakes = error.mistakes().iter();
    mistakes
        .map(|mistake| format!("{}:{}: {}", mistake.line(), mistake.column(), mistake.message()))
        .collect()
}

/// Returns the limits in force, as the lines of a file without comments.
pub(crate) fn in_force() -> Vec<String> {
    let text = registry().to_toml();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split(" #").next().unwrap_or(line).trim_end().to_owned()).collect()
}

#[track_caller]
pub(crate) fn assert_in_force(table: &str, line: &str) {
    let lines = in_force();
    let start = lines
        .iter()
        .position(|line| line == table)
        .unwrap_or_else(|| panic!("no {table} in {lines:#?}"));
    let end = lines[start..]
        .iter()
        .position(String::is_empty)
        .map_or(lines.len(), |length| start + length);
    assert!(
        lines[start..end].iter().any(|one| one == line),
        "no `{line}` in {:#?}",
        &lines[start..end]
    );
}
