//! Findings as text: which files, which lines, which paths.

use super::arrow::{Arrows, Place, Unresolved};
use super::folders::Member;
use crate::source::Crate;

/// Lines that are shown for an arrow.
const LINES_SHOWN: usize = 4;

/// A crate and its arrows, by which a finding is described.
pub(crate) struct Shown<'a> {
    pub(crate) source: &'a Crate,
    pub(crate) arrows: &'a Arrows,
}

impl Shown<'_> {
    /// A circle of files, with the lines that make each arrow.
    pub(crate) fn circle(&self, circle: &[usize]) -> String {
        let first = self.path(circle[0]);
        let title = format!("{first}: {} files import each other in a circle:", circle.len());
        let mut lines = vec![title];
        for (&from, &to) in around(circle) {
            lines.push(format!("    {} imports {}", self.path(from), self.path(to)));
            lines.extend(self.lines(from, to));
        }
        lines.join("\n")
    }

    /// A circle of members of a folder, with some of the lines that make each arrow.
    pub(crate) fn folder_circle(&self, circle: &[Member]) -> String {
        let first = &circle[0].name;
        let title = format!("{first}: {} folders import each other in a circle:", circle.len());
        let mut lines = vec![title];
        for (from, to) in around(circle) {
            lines.push(format!("    {} imports {}", from.name, to.name));
            let is_between = |(one, other): &&(usize, usize)| {
                from.files.contains(one) && to.files.contains(other)
            };
            let between: Vec<_> = self.arrows.keys().filter(is_between).collect();
            for &&(from, to) in between.iter().take(LINES_SHOWN) {
                lines.extend(self.lines(from, to));
            }
            if between.len() > LINES_SHOWN {
                lines.push(format!("        and more arrows: {}", between.len() - LINES_SHOWN));
            }
        }
        lines.join("\n")
    }

    /// An arrow that is forbidden.
    pub(crate) fn forbidden(&self, from: usize, to: usize, reason: &str) -> String {
        let title = format!("{}: must not import {}: {reason}", self.path(from), self.path(to));
        [vec![title], self.lines(from, to)].concat().join("\n")
    }

    /// A module that a rule names, and that does not exist.
    pub(crate) fn missing_module(&self, module: &str) -> String {
        format!(
            "{}: no module `{module}`, which .ci/checks/src/arrows/forbidden.rs has a rule for: \
             name the module that has taken its place",
            self.source.name
        )
    }

    /// A path that leads nowhere.
    pub(crate) fn unresolved(&self, path: &Unresolved) -> String {
        let Place { line, path: shown } = &path.place;
        let file = self.path(path.file);
        format!("{file}:{line}: `{shown}` was not found: import it from the file that defines it")
    }

    fn path(&self, file: usize) -> &str {
        &self.source.files[file].path
    }

    fn lines(&self, from: usize, to: usize) -> Vec<String> {
        let places = &self.arrows[&(from, to)];
        let file = self.path(from);
        let shown = places.iter().take(LINES_SHOWN);
        let mut lines: Vec<String> =
            shown.map(|Place { line, path }| format!("        {file}:{line}: {path}")).collect();
        if places.len() > LINES_SHOWN {
            lines.push(format!("        and more lines: {}", places.len() - LINES_SHOWN));
        }
        lines
    }
}

/// Each member of a circle with the next one.
fn around<T>(circle: &[T]) -> impl Iterator<Item = (&T, &T)> {
    circle.iter().zip(circle.iter().cycle().skip(1))
}
