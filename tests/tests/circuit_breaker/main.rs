//! Circuit breakers: what they count, when they change their state, and a model.

mod control;
mod guards;
mod in_use;
mod model;
mod prose;
mod states;
mod timeouts;
mod windows;
