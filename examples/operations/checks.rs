//! Whether the story told is true.

use std::process::ExitCode;

/// What should have been so and was not.
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
            println!("\nAll of this was so: {} checks.", self.made);
            return ExitCode::SUCCESS;
        }
        for claim in self.failed {
            eprintln!("NOT SO: {claim}");
        }
        ExitCode::FAILURE
    }
}
