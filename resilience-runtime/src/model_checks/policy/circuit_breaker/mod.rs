//! Model checks of the shared state machine, two and three threads and every schedule that is
//! reached; and the table of the documentation, held against the machine.

mod guards;
mod probes;
mod rates;
mod state_table;
mod subject;
mod transitions;
