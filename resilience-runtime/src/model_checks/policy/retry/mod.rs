//! Checks of the delays.

mod delays;
mod distribution;
