//! The compiler's messages about mistakes, and crates outside of this workspace.

mod one_dependency;
mod rejected;
