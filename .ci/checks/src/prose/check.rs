//! The check, and which rules apply to which files.

use std::path::Path;

use super::text::{Block, Kind, Text};
use super::{columns, markdown, openings, paths, rust, words};
use crate::report::{Outcome, Report};
use crate::source::{self, File, files};

/// Pages whose paths in backticks are files and folders of the workspace.
const PAGES_WITH_PATHS: [&str; 2] = ["CONTRIBUTING.md", "README.md"];

/// Checks every file that a person writes.
pub(crate) fn check(root: &Path) -> Outcome {
    let mut report = Report::default();
    let mut counts = Counts::default();
    let known_paths = source::paths(root)?;
    for file in files(root, &is_written)? {
        check_file(&file, &mut counts, &mut report.findings);
        if PAGES_WITH_PATHS.contains(&file.path.as_str()) {
            let unknown = paths::missing(&file.text, &known_paths).into_iter();
            report.findings.extend(unknown.map(|(line, path)| {
                format!("{}:{line}: `{path}` does not exist: name a file or folder", file.path)
            }));
        }
    }
    let Counts { openings, words, lines } = counts;
    report.summary.push(format!(
        "{openings} openings of documentation, {words} words, {lines} lines of more than 100 \
         columns"
    ));
    Ok(report)
}

/// Returns true if the file at `path` is checked. Snapshots are generated, so they are not.
fn is_written(path: &str) -> bool {
    let is_generated = path.split('/').any(|folder| folder == "snapshots");
    let is_text = matches!(extension(path), "rs" | "md" | "sh" | "toml") || path == ".ci/run";
    is_text && !is_generated
}

fn extension(path: &str) -> &str {
    Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or("")
}

#[derive(Default)]
struct Counts {
    openings: usize,
    words: usize,
    lines: usize,
}

fn check_file(file: &File, counts: &mut Counts, findings: &mut Vec<String>) {
    let path = file.path.as_str();
    let text = text(file);
    let mut found = Vec::new();
    for block in text.blocks.iter().filter(|block| is_read(path, block)) {
        if let Some((line, word)) = openings::refused(block) {
            counts.openings += 1;
            found.push((
                line,
                format!(
                    "documentation begins with `{word}`: begin with a noun or a verb in the third \
                 person, as in \"Returns the…\", \"Number of…\""
                ),
            ));
        }
        for word in words::refused(block) {
            counts.words += 1;
            found.push((word.line, format!("`{}`: write {}", word.phrase, word.instead)));
        }
    }
    for (line, length) in columns::too_long(&file.text, &text.literals) {
        counts.lines += 1;
        found.push((line, format!("{length} columns: break the line, at most 100 are allowed")));
    }
    found.sort();
    findings.extend(found.into_iter().map(|(line, message)| format!("{path}:{line}: {message}")));
}

fn text(file: &File) -> Text {
    let blocks = match extension(&file.path) {
        "rs" => return rust::read(&file.text),
        "md" => {
            let is_included = file.path.starts_with("resilience-") && file.path.contains("/docs/");
            markdown::page(&file.text, is_included)
        }
        _ => markdown::hash_comments(&file.text),
    };
    Text { blocks, ..Text::default() }
}

/// Returns true if a block is prose. Literals are messages in the library; in tests they are data.
fn is_read(path: &str, block: &Block) -> bool {
    let is_library = path.starts_with("resilience-") && path.contains("/src/");
    block.kind != Kind::Literal || is_library
}

#[cfg(test)]
mod tests {
    use super::{Counts, File, check_file, is_written};

    fn findings(path: &str, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let file = File { path: path.to_owned(), text: text.to_owned() };
        check_file(&file, &mut Counts::default(), &mut found);
        found
    }

    #[test]
    fn findings_name_the_line_and_what_to_write() {
        let found =
            findings("resilience-x/src/a.rs", "/// What it is.\nfn f() { g(\"it is mended\") }\n");
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("resilience-x/src/a.rs:1: documentation begins with `What`"));
        assert_eq!(found[1], "resilience-x/src/a.rs:2: `mended`: write fix");
    }

    #[test]
    fn literals_are_read_in_the_library_only() {
        assert!(findings("tests/a.rs", "fn f() { g(\"it is mended\") }\n").is_empty());
        assert_eq!(findings("tests/a.rs", "fn it_is_mended() {}\n").len(), 1);
    }

    #[test]
    fn generated_files_are_left_out() {
        assert!(is_written("resilience-runtime/docs/retry.md"));
        assert!(!is_written("resilience-macros/src/snapshots/retry.rs"));
        assert!(!is_written("Cargo.lock"));
    }
}
