//! What calls cost by the clock: ours beside the peers and beside what one writes by hand, in one run.
//!
//! `cargo run -p resilience-benches --release` prints every table; `--features seatbelt` adds a peer that needs Rust 1.95. It wants a machine
//! with at least two processors that has nothing else to do; instructions and allocations, which come out the same on any, are counted by
//! `resilience-counted`.

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

    let succeeding =
        sorted(subjects::bare(), [subjects::ours::subjects(), peers::subjects(), subjects::hand::subjects()]);
    table::of_layers(&measure::all(&succeeding));
    let failing =
        sorted(subjects::bare(), [subjects::ours::failing(), peers::failing(), subjects::hand::failing()]);
    table::of_failures(&measure::all(&failing));
    load::print(&runtime);
    growth::print(&runtime);
}

/// By layer, in the order in which ours come.
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
