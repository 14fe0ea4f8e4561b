//! The modules of each crate import each other without circles, file by file and folder by folder.
//!
//! An import is an arrow to the file that defines the item, whatever re-exports lie between.

mod arrow;
mod check;
mod circles;
mod folders;
mod forbidden;
mod resolve;
mod show;

pub(crate) use check::check;
