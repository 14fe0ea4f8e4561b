//! A service whose limits are changed from a file while customers use it.
//!
//! `service.rs` holds what is protected, and by what; `file.rs` watches the file. Each chapter prints what the operator writes and what
//! comes of it, and checks that it is true. Exits non-zero if it is not.

mod checks;
mod file;
mod load;
mod service;

use std::process::ExitCode;
use std::time::Duration;

use resilience::{HealthStatus, State, registry};

use checks::Checks;
use file::LimitsFile;
use load::load;
use service::{SUPPLIER, SUPPLIER_POOL, supplier_takes};

/// As many customers as come in a chapter.
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

    chapter("The file to begin with, as the program writes it", "");
    println!("{} has {} lines; the pool's part of it:\n", file.path().display(), as_declared.lines().count());
    let pool = as_declared.lines().skip_while(|line| *line != "[bulkhead.supplier]");
    pool.take_while(|line| !line.is_empty()).for_each(|line| println!("    {line}"));
    checks.that(registry().to_toml() == as_declared, "the file that the program has written changes nothing");

    chapter("As the code says: 4 places are too few", "");
    let (answers, ()) = load(CUSTOMERS, async {}).await;
    println!("{answers}");
    checks.that(answers.full > 0 && answers.answered > 0, "some customers found the pool full, some did not");
    checks.that(answers.all_have_one(), "every customer had an answer");

    chapter("More places, while customers wait", MORE_PLACES);
    let (answers, outcome) = load(CUSTOMERS, file.edit(MORE_PLACES)).await;
    println!("{answers}");
    checks.that(outcome?.is_ok(), "the file was taken");
    checks.that(
        SUPPLIER_POOL.snapshot().max_concurrent == 40,
        "the pool has the places that the file gives it",
    );
    checks.that(answers.all_have_one(), "every customer had an answer while the limits changed");
    let (answers, ()) = load(CUSTOMERS, async {}).await;
    println!("{answers}");
    checks.that(answers.answered == answers.asked, "with more places every customer was answered");

    chapter("A file with mistakes", MISTAKES);
    let before = registry().to_toml();
    let (answers, outcome) = load(CUSTOMERS, file.edit(MISTAKES)).await;
    let refused = outcome?.err();
    println!("{answers}");
    if let Some(error) = &refused {
        println!("{error}");
    }
    checks.that(refused.is_some_and(|error| error.mistakes().len() == 2), "both mistakes were told");
    checks.that(registry().to_toml() == before, "a file that is refused changes nothing");
    checks.that(answers.answered == answers.asked, "customers noticed nothing of it");

    chapter("The supplier has become slow: a shorter timeout, one more attempt", SHORTER_TIMEOUT);
    let outcome = file.edit(SHORTER_TIMEOUT).await?;
    supplier_takes(100);
    let (answers, ()) = load(CUSTOMERS, async {}).await;
    supplier_takes(40);
    println!("{answers}");
    checks.that(outcome.is_ok(), "the file was taken");
    checks.that(answers.limits == [Duration::from_millis(60)], "the limit that passed is that of the file");
    checks.that(answers.all_have_one(), "every customer had an answer from a slow supplier");
    checks.that(SUPPLIER.state() == State::Open, "the breaker has opened");

    chapter("The file is empty again, a place is left by hand", "# nothing\n");
    SUPPLIER_POOL.resize(1);
    let outcome = file.edit("# nothing\n").await?;
    checks.that(outcome.is_ok(), "the file was taken");
    checks.that(SUPPLIER.state() == State::Open, "a breaker keeps its state whatever the file says");
    checks.that(SUPPLIER_POOL.snapshot().max_concurrent == 1, "what was set by hand stays in force");
    SUPPLIER_POOL.resize_as_configured();
    checks.that(registry().to_toml() == as_declared, "all limits are as the code says");
    let pool = SUPPLIER_POOL.snapshot();
    checks.that(pool.active == 0 && pool.waiting == 0 && pool.available == 4, "every place was given back");
    println!(
        "All limits are as the code says, {} of {} places are free.",
        pool.available, pool.max_concurrent
    );

    chapter("How it stands", "");
    let health = registry().health();
    for function in &health.functions {
        let rate =
            function.success_rate.map_or_else(|| String::from("-"), |rate| format!("{:.0} %", rate * 100.0));
        println!("{:<30} {:<10} {:>5} succeeded", function.path, format!("{:?}", function.status), rate);
    }
    for breaker in &health.circuit_breakers {
        println!("breaker {:<22} {}", breaker.name, breaker.state);
    }
    for pool in &health.bulkheads {
        println!("bulkhead {:<21} {:.0} % used", pool.name, pool.utilization * 100.0);
    }
    checks.that(health.status > HealthStatus::Healthy, "a service whose breaker is open is not healthy");

    let report = registry().report();
    println!("\n{report}\n\n{}", report.mermaid());
    checks.that(report.warnings().next().is_none(), "nothing looks wrong about the program");

    Ok(checks.end())
}

fn chapter(title: &str, written: &str) {
    println!("\n== {title}\n");
    written.lines().for_each(|line| println!("    {line}"));
    if !written.is_empty() {
        println!();
    }
}
