//! The registry: its lists, its counts, and the health of a program.
//!
//! `duplicates` expects every duplicate name of this program, so all names are unique but for those
//! in that module.

mod duplicates;
mod eviction;
mod health;
mod hostile_names;
mod keyed;
mod keys;
mod listed;
mod no_effect;
mod outlasted_probes;
mod shared;
mod stats;
