//! Names as text: lists, and the known name nearest to a misspelt one.

/// Returns `` `a`, `b` and `c` ``.
#[must_use]
pub fn list(names: &[&str]) -> String {
    joined(&quoted(names), "and")
}

/// Returns `` `a`, `b` or `c` ``.
#[must_use]
pub fn one_of(names: &[&str]) -> String {
    joined(&quoted(names), "or")
}

/// Returns `a, b and c` if the conjunction is `and`; `none` for no items.
#[must_use]
pub fn joined(items: &[String], conjunction: &str) -> String {
    match items.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} {conjunction} {last}", others.join(", ")),
        None => String::from("none"),
    }
}

fn quoted(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("`{name}`")).collect()
}

/// Returns the hint ``did you mean `b`?`` for the nearest known name; `None` if no name is near
/// enough.
#[must_use]
pub fn did_you_mean(found: &str, known: &[&str]) -> Option<String> {
    nearest(found, known).map(|name| format!("did you mean `{name}`?"))
}

/// Returns the known name that was most likely meant: a name whose last path segment is `found`,
/// else the name with the smallest edit distance, if about two thirds of the letters are right.
#[must_use]
pub fn nearest<'k>(found: &str, known: &[&'k str]) -> Option<&'k str> {
    let last_segment = format!("::{found}");
    if let Some(name) = known.iter().find(|name| name.ends_with(&last_segment)) {
        return Some(name);
    }
    let found = found.to_lowercase();
    let letters = found.chars().count();
    let allowed = |name: &str| name.chars().count().max(letters) / 3 + 1;
    // The distance is at least the difference of the lengths: a long text takes no time.
    let may_be_near = |name: &&str| name.chars().count().abs_diff(letters) <= allowed(name);
    let distance = |name: &str| strsim::levenshtein(&found, &name.to_lowercase());
    let candidates = known.iter().copied().filter(may_be_near);
    let (distance, name) = candidates.map(|name| (distance(name), name)).min()?;
    (distance <= allowed(name) && distance < name.chars().count()).then_some(name)
}

/// Returns the known name that differs by two letters at most.
#[must_use]
pub fn near_miss<'k>(found: &str, known: &[&'k str]) -> Option<&'k str> {
    let is_near = |name: &&str| strsim::levenshtein(&found.to_lowercase(), name) <= 2;
    nearest(found, known).filter(is_near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_is_recognised() {
        let known = ["max_attempts", "base_delay", "max_delay"];
        assert_eq!(nearest("max_atempts", &known), Some("max_attempts"));
        assert_eq!(nearest("MAX_DELAY", &known), Some("max_delay"));
        assert_eq!(nearest("colour", &known), None);
    }

    #[test]
    fn a_name_with_another_meaning_is_no_near_miss() {
        assert_eq!(near_miss("failure_rat", &["failure_rate"]), Some("failure_rate"));
        assert_eq!(near_miss("failure_rate_threshold", &["failure_threshold"]), None);
    }

    #[test]
    fn a_single_letter_is_never_a_misspelling_of_another() {
        assert_eq!(nearest("x", &["s", "h"]), None);
    }

    #[test]
    fn a_function_is_recognised_by_its_last_segment() {
        assert_eq!(nearest("charge", &["shop::cart", "shop::charge"]), Some("shop::charge"));
    }

    #[test]
    fn lists_are_joined_by_a_conjunction() {
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(one_of(&["a"]), "`a`");
        assert_eq!(list(&[]), "none");
    }
}
