//! Circuit breakers: what they count, when they change their state, and a model.

mod control;
mod criteria;
mod guards;
mod in_use;
mod max_open;
mod model;
mod prose;
mod states;
mod timeouts;
mod windows;
