//! Text files of the workspace.

use std::path::Path;
use std::{fs, io};

/// A text file and its path from the root of the workspace.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Reads every file whose path satisfies `wanted`, in order of the paths, without build output.
pub(crate) fn files(root: &Path, wanted: &dyn Fn(&str) -> bool) -> io::Result<Vec<File>> {
    let paths = paths(root)?;
    let wanted = paths.into_iter().filter(|path| wanted(path) && root.join(path).is_file());
    wanted.map(|path| Ok(File { text: fs::read_to_string(root.join(&path))?, path })).collect()
}

/// Returns the path of every file and folder, in order, without build output.
pub(crate) fn paths(root: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    collect(root, "", &mut found)?;
    found.sort();
    Ok(found)
}

/// Folders of the crates of the library, which begin with `resilience-`, and of these checks.
pub(crate) fn crates(root: &Path) -> io::Result<Vec<String>> {
    let mut names = vec![".ci/checks".to_owned()];
    for entry in fs::read_dir(root)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with("resilience-") {
            names.push(name);
        }
    }
    names.retain(|name| root.join(name).join("src").is_dir());
    names.sort();
    Ok(names)
}

fn collect(root: &Path, folder: &str, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if matches!(name.as_str(), "target" | ".git") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(root, &path, found)?;
        }
        found.push(path);
    }
    Ok(())
}
