//! Checks of the claims that the program makes.

use std::process::ExitCode;

/// Claims that have been checked, and those that were wrong.
#[derive(Default)]
pub(crate) struct Checks {
    failed: Vec<&'static str>,
    made: u32,
}

impl Checks {
    pub(crate) fn that(&mut self, holds: bool, claim: &'static str) {
        self.made += 1;
        if !holds {
            self.failed.push(claim);
        }
    }

    pub(crate) fn end(self) -> ExitCode {
        if self.failed.is_empty() {
            println!("\nAll {} checks passed.", self.made);
            return ExitCode::SUCCESS;
        }
        for claim in self.failed {
            eprintln!("FAILED: {claim}");
        }
        ExitCode::FAILURE
    }
}
