//! Retries: attempts, delays, limits and budgets.

mod attempts;
mod budget;
mod calls;
mod custom_backoff;
mod limits;
mod model;
mod nested;
mod server;
mod surroundings;
mod thundering_herd;
mod without_delay;
