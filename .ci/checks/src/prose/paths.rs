//! Paths in pages that no file or folder has.

/// Every path in backticks that is the end of no path of the workspace, and its line. A path has a
/// slash; a file of Rust may be named without its extension.
pub(crate) fn missing<'t>(text: &'t str, paths: &[String]) -> Vec<(usize, &'t str)> {
    let mut found = Vec::new();
    let mut in_block = false;
    for (index, line) in text.lines().enumerate() {
        in_block ^= line.trim_start().starts_with("```");
        if in_block {
            continue;
        }
        let quoted = line.split('`').skip(1).step_by(2);
        let unknown = quoted.filter(|quoted| is_path(quoted) && !exists(quoted, paths));
        found.extend(unknown.map(|path| (index + 1, path)));
    }
    found
}

fn is_path(quoted: &str) -> bool {
    let is_in_path = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    quoted.contains('/') && quoted.len() > 1 && quoted.chars().all(is_in_path)
}

fn exists(quoted: &str, paths: &[String]) -> bool {
    let quoted = quoted.trim_end_matches('/');
    let is_end = |path: &str| {
        path.strip_suffix(quoted).is_some_and(|start| start.is_empty() || start.ends_with('/'))
    };
    paths.iter().any(|path| is_end(path) || path.strip_suffix(".rs").is_some_and(is_end))
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn a_path_is_the_end_of_a_path_of_the_workspace() {
        let paths = ["a/src", "a/src/b.rs", "a/src/c/d.md"].map(String::from);
        let text = "`src/b.rs`, `src/b`, `src/`, `c/d.md` and `f(a/b)`\n`rc/b.rs`, `c/e.md`\n";
        assert_eq!(missing(text, &paths), [(2, "rc/b.rs"), (2, "c/e.md")]);
        assert!(missing("```text\n`no/such`\n```\n", &paths).is_empty());
    }
}
