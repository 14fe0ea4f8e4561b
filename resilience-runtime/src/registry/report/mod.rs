//! The report: the functions of the program and their layers as text for people. It is a table or a
//! diagram, with warnings about likely mistakes.

mod build;
mod mermaid;
mod outlasted_probe;
mod report;
mod table;
mod warning;

pub use super::duplicates::{CheckError, Duplicate};
pub use super::no_effect::NoEffect;
pub(crate) use build::report;
pub use mermaid::Mermaid;
pub use report::Report;
pub use warning::Warning;
