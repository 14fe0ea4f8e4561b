//! Number of instructions per call. This program runs itself under callgrind twice, the second time
//! with twice as many calls. The difference is the cost of the calls without the start and the end
//! of the program.

use std::process::{Command, exit};

/// First argument of a run under callgrind.
pub(crate) const RUN: &str = "run";

const CALLS: u64 = 1000;

pub(crate) fn instructions_per_call(subject: usize, suspends: bool) -> u64 {
    let (once, twice) =
        (instructions(subject, suspends, CALLS), instructions(subject, suspends, 2 * CALLS));
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
                "can't run valgrind ({error}), which counts the instructions: run `apt-get install \
                 valgrind`"
            );
            exit(1)
        });
    let log = String::from_utf8_lossy(&output.stderr);
    // ==123== Collected : 456
    let collected =
        log.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    match collected {
        Some(collected) if output.status.success() => collected,
        _ => panic!("callgrind counted nothing:\n{log}"),
    }
}
