//! Combined policies, and `#[resilient]`.

mod presets;
mod resilient;
mod scenario;
