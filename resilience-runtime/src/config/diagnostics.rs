//! A collection of the mistakes in a text, so that they are reported at once.

use std::ops::Range;

/// Number of mistakes that are kept: the first ones of the text.
const MOST: usize = 100;

/// Mistakes that have been found, and their places in the text.
#[derive(Debug, Default)]
pub(super) struct Diagnostics {
    kept: Vec<(Range<usize>, String)>,
    /// Number of mistakes that have been found and not kept.
    omitted: usize,
}

impl Diagnostics {
    pub(super) fn at(&mut self, place: Range<usize>, message: impl Into<String>) {
        self.kept.push((place, message.into()));
        if self.kept.len() >= 2 * MOST {
            self.keep_first();
        }
    }

    /// Writes the message only if it is kept, because a text may have very many such mistakes.
    pub(super) fn at_with(&mut self, place: Range<usize>, message: impl FnOnce() -> String) {
        let last = self.kept.get(MOST - 1);
        if last.is_some_and(|(last, _)| last.start <= place.start) {
            self.omitted += 1;
        } else {
            self.at(place, message());
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    pub(super) fn append(&mut self, others: Self) {
        self.kept.extend(others.kept);
        self.omitted += others.omitted;
        self.keep_first();
    }

    fn keep_first(&mut self) {
        self.kept.sort_by_key(|(place, _)| place.start);
        self.omitted += self.kept.len().saturating_sub(MOST);
        self.kept.truncate(MOST);
    }

    /// Returns the first mistakes in the order of the text, and the number of all others.
    pub(super) fn into_sorted(mut self) -> (Vec<(Range<usize>, String)>, usize) {
        self.keep_first();
        (self.kept, self.omitted)
    }
}
