//! A collection of the mistakes in a file, so that all of them are reported at once.

use std::ops::Range;

/// Mistakes that have been found, and their places in the text.
#[derive(Debug, Default)]
pub(super) struct Diagnostics(Vec<(Range<usize>, String)>);

impl Diagnostics {
    pub(super) fn at(&mut self, place: Range<usize>, message: impl Into<String>) {
        self.0.push((place, message.into()));
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    /// Returns the mistakes in the order of the text.
    pub(super) fn into_sorted(mut self) -> Vec<(Range<usize>, String)> {
        self.0.sort_by_key(|(place, _)| place.start);
        self.0
    }
}
