//! Counts the instructions and allocations of calls. These figures are the same on a busy machine.
//!
//! - `resilience-counted` prints the figures of this library and of code written by hand.
//! - `resilience-counted check` fails if a figure of this library is worse than in
//!   `benches/figures.md`.
//! - `resilience-counted write` writes the present figures to `benches/figures.md`.

mod callgrind;
mod figures;

use std::process::ExitCode;

use figures::{Figure, Figures};

fn main() -> ExitCode {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let _inside = runtime.enter();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *arguments {
        [] => print!("{}", measured()),
        ["write"] => measured().write(),
        ["check"] => return check(&measured()),
        [callgrind::RUN, subject, suspends, calls] => {
            let number = |argument: &str| argument.parse::<u64>().expect("a number");
            let subject = usize::try_from(number(subject)).expect("an index");
            subjects::all()[subject].run(suspends == "true", number(calls));
        }
        _ => {
            eprintln!("usage: resilience-counted [check | write]");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn measured() -> Figures {
    let mut figures = Vec::new();
    for (index, subject) in subjects::all().iter().enumerate() {
        for &suspends in subject.works {
            figures.push(Figure {
                layer: subject.layer.into(),
                who: subject.who.into(),
                work: subjects::name_of_work(suspends).into(),
                instructions: callgrind::instructions_per_call(index, suspends),
                allocations: subject.allocations(suspends),
            });
        }
    }
    Figures(figures)
}

fn check(measured: &Figures) -> ExitCode {
    let (complaints, remarks) = measured.compare(&Figures::committed());
    for remark in &remarks {
        println!("{remark}");
    }
    if complaints.is_empty() {
        println!("{} figures are as good as the committed ones", measured.0.len());
        return ExitCode::SUCCESS;
    }
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    ExitCode::FAILURE
}
