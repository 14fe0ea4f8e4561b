//! Checks of the sources and of the public API. `.ci/run` runs each of them:
//!
//! - `arrows`: the modules of each crate import each other without circles.
//! - `names`: a type name exists once in a crate.
//! - `prose`: comments, pages and messages are in plain English, and lines are short.
//! - `api`: the public API is the committed one, which `api write` replaces by the present one.
//!
//! `cargo run -p resilience-checks -- prose resilience-macros README.md` shows only the findings
//! below these paths. `--root DIR` checks another copy of the workspace.
#![forbid(unsafe_code)]

mod api;
mod arrows;
mod names;
mod prose;
mod report;
mod source;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::report::Outcome;

const USAGE: &str = "usage: resilience-checks [--root DIR] arrows|names|prose|api [PATH…]\n\
                     or:    resilience-checks [--root DIR] api write";

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if arguments.len() > 1 && arguments[0] == "--root" {
        root = PathBuf::from(arguments.remove(1));
        arguments.remove(0);
    }
    if arguments.is_empty() {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    }
    let check = arguments.remove(0);
    let outcome = match check.as_str() {
        "api" if arguments == ["write"] => api::write(&root),
        "api" => api::check(&root),
        "arrows" => arrows::check(&root),
        "names" => names::check(&root),
        "prose" => prose::check(&root),
        _ => Err(USAGE.into()),
    };
    show(&check, outcome, &arguments)
}

fn show(check: &str, outcome: Outcome, below: &[String]) -> ExitCode {
    let report = match outcome {
        Ok(report) => report,
        Err(error) => {
            eprintln!("{check}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let findings = report.below(below);
    for finding in &findings {
        println!("{finding}");
    }
    for line in &report.summary {
        println!("{check}: {line}");
    }
    if findings.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("{check}: {} findings, see above", findings.len());
    if !report.help.is_empty() {
        println!("help: {}", report.help);
    }
    ExitCode::FAILURE
}
