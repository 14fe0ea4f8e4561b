//! Instructions of a call: this program runs itself under callgrind, once with twice as many calls as before. The difference is
//! what the calls cost, without start and end of the program.

use std::process::{Command, exit};

/// The first argument of a run that is being counted.
pub(crate) const RUN: &str = "run";

const CALLS: u64 = 1000;

pub(crate) fn instructions_a_call(subject: usize, suspends: bool) -> u64 {
    let (once, twice) = (instructions(subject, suspends, CALLS), instructions(subject, suspends, 2 * CALLS));
    (twice - once + CALLS / 2) / CALLS
}

fn instructions(subject: usize, suspends: bool, calls: u64) -> u64 {
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args([RUN, &subject.to_string(), &suspends.to_string(), &calls.to_string()])
        .output()
        .unwrap_or_else(|error| {
            eprintln!(
                "can't run valgrind ({error}), which counts the instructions: `apt-get install valgrind`"
            );
            exit(1)
        });
    let said = String::from_utf8_lossy(&output.stderr);
    // ==123== Collected : 456
    let collected = said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    match collected {
        Some(collected) if output.status.success() => collected,
        _ => panic!("callgrind counted nothing:\n{said}"),
    }
}
