//! The tables.

use crate::measure::Measured;

/// Prints the calls that succeed, by layer.
pub(crate) fn of_layers(measured: &[Measured<'_>]) {
    println!(
        "Calls that succeed. Medians: ns more than the bare call, and the multiple of the bare \
         call. Two threads: calls of both threads as a multiple of the calls of one.\n"
    );
    println!(
        "| layer | by | ready: ns | × bare | suspends once: ns | × bare | two threads × | \
         allocations | future, bytes |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|---:|---:|");
    let Some(bare) = measured.first() else { return };
    let bare_suspended = bare.suspended.unwrap_or(bare.ready);
    for Measured { subject, ready, suspended, two_threads, allocations } in measured {
        let suspended = suspended.unwrap_or(bare_suspended);
        println!(
            "| {} | {} | {:.1} | {:.1} | {:.1} | {:.1} | {two_threads:.2} | {allocations} | {} |",
            subject.layer,
            subject.who,
            ready - bare.ready,
            ready / bare.ready,
            suspended - bare_suspended,
            suspended / bare_suspended,
            subject.size,
        );
    }
    println!("\nThe bare call takes {:.2} ns.\n", bare.ready);
}

/// Prints the calls that do not simply succeed. No bare call compares to them.
pub(crate) fn of_failures(measured: &[Measured<'_>]) {
    println!("Calls that do not simply succeed. ns, medians.\n");
    println!("| call | by | ready: ns | suspends once: ns | two threads × | allocations |");
    println!("|---|---|---:|---:|---:|---:|");
    for Measured { subject, ready, suspended, two_threads, allocations } in measured {
        let suspended = suspended.map_or_else(String::new, |suspended| format!("{suspended:.1}"));
        println!(
            "| {} | {} | {ready:.1} | {suspended} | {two_threads:.2} | {allocations} |",
            subject.layer, subject.who
        );
    }
    println!();
}
