//! A crate's modules as data, without what is compiled only for tests.

use std::collections::{BTreeMap, BTreeSet};

/// A crate: its files, and its modules with the root first.
#[derive(Default)]
pub(crate) struct Crate {
    pub(crate) name: String,
    pub(crate) files: Vec<SourceFile>,
    pub(crate) modules: Vec<Module>,
    /// Names of the `macro_rules!`, and the file of each.
    pub(crate) macros: BTreeMap<String, usize>,
}

/// A file of a crate.
pub(crate) struct SourceFile {
    /// Path from the root of the workspace.
    pub(crate) path: String,
    /// Place below `src`: `["policy", "retry"]` for both `retry.rs` and `retry/mod.rs`.
    pub(crate) place: Vec<String>,
    /// Is `lib.rs`, `main.rs` or `mod.rs`, whose re-exports are not imports of its own.
    pub(crate) gathers: bool,
    /// Has more than declarations of modules and re-exports, or does not gather.
    pub(crate) is_node: bool,
}

/// A module: a file, or an inline `mod` in one.
#[derive(Default)]
pub(crate) struct Module {
    /// Index of its file.
    pub(crate) file: usize,
    pub(crate) parent: Option<usize>,
    /// Names and indices of the modules declared in it.
    pub(crate) children: BTreeMap<String, usize>,
    /// Names of the items defined in it, and the index of the file that defines each.
    pub(crate) items: BTreeMap<String, usize>,
    /// Types defined in it, in functions and macro calls too.
    pub(crate) types: Vec<TypeName>,
    pub(crate) imports: Vec<Import>,
    /// Paths outside `use`, of two segments or more.
    pub(crate) paths: Vec<UsedPath>,
    /// Macros called by their name alone.
    pub(crate) calls: Vec<UsedPath>,
    /// Identifiers outside `use`: the first segment of a path, and single names.
    pub(crate) identifiers: BTreeSet<String>,
}

/// The definition of a struct, enum, union, trait or alias.
pub(crate) struct TypeName {
    pub(crate) name: String,
    pub(crate) line: usize,
    /// Has a `cfg` of its own, so that another of this name may be there instead.
    pub(crate) conditional: bool,
}

/// One name that a `use` brings in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Import {
    pub(crate) path: Vec<String>,
    /// Name that it has here; `None` for a glob.
    pub(crate) name: Option<String>,
    pub(crate) line: usize,
    /// Is `pub use`, of any visibility.
    pub(crate) exported: bool,
}

/// A path outside `use`.
#[derive(Debug, PartialEq)]
pub(crate) struct UsedPath {
    pub(crate) segments: Vec<String>,
    pub(crate) line: usize,
}
