//! Time of calls through this library, through other crates, and through code written by hand, in
//! one run.
//!
//! `cargo run -p resilience-benches --release` prints every table. `--features seatbelt` adds a
//! crate that needs Rust 1.95. Run it on an idle machine with at least two processors.
//! `resilience-counted` counts instructions and allocations, which are the same on every machine.

mod growth;
mod load;
mod measure;
mod peers;
mod table;

use subjects::Subject;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .expect("a runtime can be made");
    let _inside = runtime.enter();

    let succeeding = sorted(
        subjects::bare(),
        [subjects::ours::subjects(), peers::subjects(), subjects::hand::subjects()],
    );
    table::of_layers(&measure::all(&succeeding));
    let failing = sorted(
        subjects::bare(),
        [subjects::ours::failing(), peers::failing(), subjects::hand::failing()],
    );
    table::of_failures(&measure::all(&failing));
    load::print(&runtime);
    growth::print(&runtime);
}

/// Sorts the subjects by layer, in the order of the layers of this library.
fn sorted(bare: Subject, groups: [Vec<Subject>; 3]) -> Vec<Subject> {
    let mut subjects: Vec<Subject> = groups.into_iter().flatten().collect();
    let mut layers: Vec<&str> = Vec::new();
    for subject in &subjects {
        if !layers.contains(&subject.layer) {
            layers.push(subject.layer);
        }
    }
    subjects.sort_by_key(|subject| layers.iter().position(|layer| *layer == subject.layer));
    subjects.insert(0, bare);
    subjects
}
