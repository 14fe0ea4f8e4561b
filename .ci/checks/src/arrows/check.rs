//! The check of a crate.

use std::path::Path;

use super::arrow::arrows;
use super::circles::{circles, graph};
use super::folders::folder_circles;
use super::forbidden::{FORBIDDEN, Forbidden};
use super::show::Shown;
use crate::report::{Outcome, Report};
use crate::source::{Crate, crates, load};

const HELP: &str = "cut a circle where its arrow goes up: move what both files need into one that \
                    imports neither, or hand it over as an argument";

/// Checks every crate of the library.
pub(crate) fn check(root: &Path) -> Outcome {
    let mut report = Report { help: HELP, ..Report::default() };
    for name in crates(root)? {
        check_crate(&load(root, &name)?, FORBIDDEN, &mut report);
    }
    Ok(report)
}

fn check_crate(source: &Crate, forbidden: &[Forbidden], report: &mut Report) {
    let (arrows, unresolved) = arrows(source);
    let shown = Shown { source, arrows: &arrows };
    let file_circles = circles(&graph(arrows.keys().copied()));
    report.findings.extend(file_circles.iter().map(|circle| shown.circle(circle)));
    let folder_circles = folder_circles(source, &arrows);
    report.findings.extend(folder_circles.iter().map(|circle| shown.folder_circle(circle)));
    for rule in forbidden.iter().filter(|rule| rule.package == source.name) {
        let missing = rule.missing(source);
        report.findings.extend(missing.map(|module| shown.missing_module(module)));
        for (from, to) in rule.broken(source, &arrows) {
            report.findings.push(shown.forbidden(from, to, rule.reason));
        }
    }
    report.findings.extend(unresolved.iter().map(|path| shown.unresolved(path)));

    let files = source.files.iter().filter(|file| file.is_node).count();
    report.summary.push(format!(
        "{}: {files} files, {} arrows, {} circles of files, {} of folders",
        source.name,
        arrows.len(),
        file_circles.len(),
        folder_circles.len(),
    ));
}

#[cfg(test)]
mod tests {
    use super::check_crate;
    use crate::arrows::arrow::tests::made_of;
    use crate::arrows::forbidden::Forbidden;
    use crate::report::Report;

    fn checked(files: &[(&str, &str)], forbidden: &[Forbidden]) -> Report {
        let mut report = Report::default();
        check_crate(&made_of(files), forbidden, &mut report);
        report
    }

    #[test]
    fn a_circle_is_named_file_by_file_with_its_lines() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "\nuse crate::b::B;\npub struct A;"),
            ("b.rs", "pub struct B;\nfn f() { crate::c::g() }"),
            ("c.rs", "use super::a;\npub fn g() -> a::A { a::A }"),
        ];
        let found = checked(&files, &[]).findings;
        assert_eq!(found.len(), 1);
        for line in ["c/src/a.rs:2: crate::b::B", "c/src/b.rs:2: crate::c::g", "c/src/c.rs:2: a::A"]
        {
            assert!(found[0].contains(line), "{line} is missing in {}", found[0]);
        }
    }

    #[test]
    fn a_forbidden_arrow_and_a_rule_for_nothing_are_named() {
        let files =
            [("lib.rs", "mod a; mod b;"), ("a.rs", "use crate::b::B;"), ("b.rs", "pub struct B;")];
        let rule = |to| Forbidden { package: "c", from: &["a"], to, reason: "it is below" };
        let found = checked(&files, &[rule(&["b"])]).findings;
        let shown = "c/src/a.rs: must not import c/src/b.rs: it is below\n        \
                     c/src/a.rs:1: crate::b::B";
        assert_eq!(found, [shown]);
        assert!(checked(&files, &[rule(&["gone"])]).findings[0].contains("no module `gone`"));
    }

    #[test]
    fn a_crate_without_circles_is_summed_up() {
        let files =
            [("lib.rs", "mod a; mod b;"), ("a.rs", "use crate::b::B;"), ("b.rs", "pub struct B;")];
        let report = checked(&files, &[]);
        assert!(report.findings.is_empty());
        assert_eq!(report.summary, ["c: 2 files, 1 arrows, 0 circles of files, 0 of folders"]);
    }
}
