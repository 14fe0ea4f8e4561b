//! Limits from a file: `registry().configure(…)` and related functions.
//!
//! A program of its own: a configuration is for all of a program, and what is written is all of it.

mod any_text;
mod criteria;
mod file;
mod hostile;
mod limits;
mod limits_in_force;
mod precedence;
mod program;
mod rate_limiters;
mod refusals;
mod several_mistakes;
mod under_load;
mod watch;
mod written;
