//! What the compiler says: about mistakes, and about crates outside of this workspace.

mod one_dependency;
mod rejected;
