//! The result of a check.

use std::error::Error;

/// Everything that a check found wrong, lines that sum up its work, and advice on the findings.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) findings: Vec<String>,
    pub(crate) summary: Vec<String>,
    pub(crate) help: &'static str,
}

/// An error means that the check could not do its work.
pub(crate) type Outcome = Result<Report, Box<dyn Error>>;

impl Report {
    /// Findings with a line that begins with one of `paths`; all of them if there are no paths.
    pub(crate) fn below(&self, paths: &[String]) -> Vec<&String> {
        let is_below =
            |line: &str| paths.iter().any(|path| line.trim_start().starts_with(path.as_str()));
        let is_wanted = |finding: &&String| paths.is_empty() || finding.lines().any(is_below);
        self.findings.iter().filter(is_wanted).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Report;

    #[test]
    fn findings_are_chosen_by_path() {
        let findings = vec!["src/a.rs:1: x".to_owned(), "docs/b.md:\n    src/a.rs:1: y".to_owned()];
        let report = Report { findings, ..Report::default() };
        assert_eq!(report.below(&[]).len(), 2);
        assert_eq!(report.below(&["src/a.rs".to_owned()]).len(), 2);
        assert_eq!(report.below(&["docs".to_owned()]), ["docs/b.md:\n    src/a.rs:1: y"]);
    }
}
