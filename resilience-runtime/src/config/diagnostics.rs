//! Collecting what is wrong with a file, so that all of it is said at once.

use std::ops::Range;

/// Every mistake found so far, and where in the text it stands.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics(Vec<(Range<usize>, String)>);

impl Diagnostics {
    pub(crate) fn at(&mut self, place: Range<usize>, message: impl Into<String>) {
        self.0.push((place, message.into()));
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    /// In the order of the text.
    pub(crate) fn into_sorted(mut self) -> Vec<(Range<usize>, String)> {
        self.0.sort_by_key(|(place, _)| place.start);
        self.0
    }
}
