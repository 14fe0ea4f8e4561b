//! Checks of the retry delays.

mod delays;
mod distribution;
