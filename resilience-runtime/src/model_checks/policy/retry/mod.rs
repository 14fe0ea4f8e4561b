//! Checks of the delays.

mod distribution;
