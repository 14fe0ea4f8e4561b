//! What the program does about failures, for people to read: as a table, as a diagram, and what
//! looks wrong about it.

mod build;
mod mermaid;
mod report;
mod table;
mod warning;

pub use super::duplicates::{CheckError, Duplicate};
pub(crate) use build::report;
pub use mermaid::Mermaid;
pub use report::Report;
pub use warning::Warning;
