//! The sources: files of the workspace, and the modules, items and paths of a crate.

mod cfg;
mod files;
mod load;
mod model;
mod scan;

pub(crate) use files::{File, crates, files, paths};
pub(crate) use load::load;
#[cfg(test)]
pub(crate) use load::load_from;
pub(crate) use model::{Crate, Import, Module};
