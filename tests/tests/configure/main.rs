//! Limits from a file: `registry().configure(…)` and related functions.
//!
//! A program of its own: a configuration is for all of a program, and what is written is all of it.

mod any_text;
mod file;
mod limits;
mod precedence;
mod program;
mod refusals;
mod under_load;
mod watch;
mod written;
