//! The known name that was likely meant.

/// "did you mean `b`?", if one of the known names ends with what was found, or is close enough to
/// be meant.
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
