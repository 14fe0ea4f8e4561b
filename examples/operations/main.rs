//! A service whose limits change from a file while customers use it.
//!
//! `service.rs` holds the functions and their policies; `file.rs` watches the file. Each chapter
//! prints the text that the operator writes, prints its effect, and checks the effect. The program
//! exits with an error if a check fails.

mod checks;
mod file;
mod load;
mod service;

use std::process::ExitCode;
use std::time::Duration;

use resilience::health::HealthStatus;
use resilience::{State, registry};

use checks::Checks;
use file::LimitsFile;
use load::load;
use service::{SUPPLIER, SUPPLIER_POOL, supplier_takes};

/// Number of customers in a chapter.
const CUSTOMERS: u32 = 200;

const MORE_PLACES: &str = "\
[bulkhead.supplier]
max_concurrent = 40
";
const MISTAKES: &str = "\
[bulkhead.suplier]
max_concurrent = 80

[circuit_breaker.supplier]
failure_rate = 90
";
const SHORTER_TIMEOUT: &str = "\
[bulkhead.supplier]
max_concurrent = 40

[retry.standard]
max_attempts = 3

[function.\"operations::service::price\"]
timeout = \"60ms\"
";

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut checks = Checks::default();
    let mut file = LimitsFile::start()?;
    let as_declared = registry().to_toml();

    chapter("The first file, as the program writes it", "");
    println!(
        "{} has {} lines; the pool's part of it:\n",
        file.path().display(),
        as_declared.lines().count()
    );
    let pool = as_declared.lines().skip_while(|line| *line != "[bulkhead.supplier]");
    pool.take_while(|line| !line.is_empty()).for_each(|line| println!("    {line}"));
    checks.that(
        registry().to_toml() == as_declared,
        "the file that the program has written changes nothing",
    );

    chapter("The limits of the code: 4 slots are too few", "");
    let (answers, ()) = load(CUSTOMERS, async {}).await;
    println!("{answers}");
    checks.that(
        answers.full > 0 && answers.answered > 0,
        "some customers found the pool full, some did not",
    );
    checks.that(answers.all_have_one(), "every customer had an answer");

    chapter("More slots, while customers wait", MORE_PLACES);
    let (answers, outcome) = load(CUSTOMERS, file.edit(MORE_PLACES)).await;
    println!("{answers}");
    checks.that(outcome?.is_ok(), "the file was accepted");
    checks.that(
        SUPPLIER_POOL.snapshot().max_concurrent == 40,
        "the pool has as many slots as the file says",
    );
    checks.that(answers.all_have_one(), "every customer had an answer while the limits changed");
    let (answers, ()) = load(CUSTOMERS, async {}).await;
    println!("{answers}");
    checks.that(answers.answered == answers.asked, "with more slots every customer was answered");

    chapter("A file with mistakes", MISTAKES);
    let before = registry().to_toml();
    let (answers, outcome) = load(CUSTOMERS, file.edit(MISTAKES)).await;
    let refused = outcome?.err();
    println!("{answers}");
    if let Some(error) = &refused {
        println!("{error}");
    }
    checks.that(
        refused.is_some_and(|error| error.diagnostics().len() == 2),
        "both mistakes were reported",
    );
    checks.that(registry().to_toml() == before, "a file that is refused changes nothing");
    checks.that(answers.answered == answers.asked, "no customer was affected by the refused file");

    chapter("The supplier has become slow: a shorter timeout, one more attempt", SHORTER_TIMEOUT);
    let outcome = file.edit(SHORTER_TIMEOUT).await?;
    supplier_takes(100);
    let (answers, ()) = load(CUSTOMERS, async {}).await;
    supplier_takes(40);
    println!("{answers}");
    checks.that(outcome.is_ok(), "the file was accepted");
    checks.that(
        answers.limits == [Duration::from_millis(60)],
        "the limit that passed is that of the file",
    );
    checks.that(answers.all_have_one(), "every customer had an answer from a slow supplier");
    checks.that(SUPPLIER.state() == State::Open, "the breaker has opened");

    chapter("The file is empty again, and the pool has one slot by hand", "# nothing\n");
    SUPPLIER_POOL.resize(1);
    let outcome = file.edit("# nothing\n").await?;
    checks.that(outcome.is_ok(), "the file was accepted");
    checks.that(SUPPLIER.state() == State::Open, "a breaker keeps its state when the file changes");
    checks.that(
        SUPPLIER_POOL.snapshot().max_concurrent == 1,
        "a limit that was set by hand stays in force",
    );
    SUPPLIER_POOL.undo_resize();
    checks.that(registry().to_toml() == as_declared, "all limits are those of the code");
    let pool = SUPPLIER_POOL.snapshot();
    checks.that(
        pool.active == 0 && pool.waiting == 0 && pool.available == 4,
        "every slot is free again",
    );
    println!(
        "All limits are those of the code; {} of {} slots are free.",
        pool.available, pool.max_concurrent
    );

    health_and_report(&mut checks);
    Ok(checks.end())
}

/// Prints the health of the program and the report about it.
fn health_and_report(checks: &mut Checks) {
    chapter("Health and report", "");
    let health = registry().health();
    for function in &health.functions {
        let rate = function
            .success_rate
            .map_or_else(|| String::from("-"), |rate| format!("{:.0} %", rate * 100.0));
        println!(
            "{:<30} {:<10} {:>5} succeeded",
            function.path,
            format!("{:?}", function.status),
            rate
        );
    }
    for breaker in &health.circuit_breakers {
        println!("breaker {:<22} {}", breaker.name, breaker.state);
    }
    for pool in &health.bulkheads {
        println!("bulkhead {:<21} {:.0} % used", pool.name, pool.utilization * 100.0);
    }
    checks.that(
        health.status > HealthStatus::Healthy,
        "a service whose breaker is open is not healthy",
    );

    let report = registry().report();
    println!("\n{report}\n\n{}", report.mermaid());
    checks.that(report.warnings().next().is_none(), "nothing looks wrong about the program");
}

fn chapter(title: &str, written: &str) {
    println!("\n== {title}\n");
    written.lines().for_each(|line| println!("    {line}"));
    if !written.is_empty() {
        println!();
    }
}
