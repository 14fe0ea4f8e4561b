//! Model checks of the engine, by two and three threads in every schedule that is reached; and the
//! table of the documentation, compared with the machine.

mod criteria;
mod guards;
mod open_keys;
mod probes;
mod rates;
mod state_table;
mod subject;
mod transitions;
