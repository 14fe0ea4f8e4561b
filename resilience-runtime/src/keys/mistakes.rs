//! Collecting what is wrong with a file, so that all of it is said at once.

use std::ops::Range;

/// Every mistake found so far, and where in the text it stands.
#[derive(Debug, Default)]
pub(crate) struct Mistakes(Vec<(Range<usize>, String)>);

impl Mistakes {
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

/// "did you mean `b`?", if one of the known names ends with what was found, or is close enough to be meant.
pub(crate) fn nearest(found: &str, known: &[&str]) -> Option<String> {
    let last = format!("::{found}");
    let by_its_end = known.iter().find(|name| name.ends_with(&last));
    let by_its_letters = || {
        let (distance, name) =
            known.iter().map(|name| (strsim::levenshtein(found, name), name)).min()?;
        (distance <= name.len().max(found.len()) / 3 + 1).then_some(name)
    };
    by_its_end.or_else(by_its_letters).map(|name| format!("did you mean `{name}`?"))
}
