//! Parts of messages: lists, suggestions, and the user's own tokens.

use quote::ToTokens;

/// Tokens as a user writes them: rustc prints spaces between tokens.
pub(crate) fn source_text(tokens: impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    text.replace(" :: ", "::").replace(" . ", ".").replace("& ", "&")
}

/// "did you mean `b`?" if a known name is near, else the list of all known names.
pub(crate) fn suggestion(found: &str, known: &[&str]) -> String {
    did_you_mean(found, known).unwrap_or_else(|| format!("it takes {}", list(known)))
}

/// "did you mean `b`?", if a known name is near.
pub(crate) fn did_you_mean(found: &str, known: &[&str]) -> Option<String> {
    nearest(found, known).map(|name| format!("did you mean `{name}`?"))
}

/// The nearest known name, if at most about a third of its letters differ.
pub(crate) fn nearest<'k>(found: &str, known: &[&'k str]) -> Option<&'k str> {
    let found = &found.to_lowercase();
    let (distance, name) = known.iter().map(|name| (distance(found, name), *name)).min()?;
    (distance <= name.len().max(found.len()) / 3 + 1 && distance < name.len()).then_some(name)
}

/// `a`, `b` and `c`
pub(crate) fn list(names: &[&str]) -> String {
    joined(&quoted(names), "and")
}

/// `a`, `b` or `c`
pub(crate) fn one_of(names: &[&str]) -> String {
    joined(&quoted(names), "or")
}

fn quoted(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("`{name}`")).collect()
}

/// a, b and c
pub(crate) fn joined(items: &[String], conjunction: &str) -> String {
    match items.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} {conjunction} {last}", others.join(", ")),
        None => String::from("none"),
    }
}

/// Number of letters to insert, remove or replace to get from `a` to `b` (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.chars().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.chars().count()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised() {
        let known = ["max_attempts", "base_delay", "max_delay"];
        assert_eq!(suggestion("max_atempts", &known), "did you mean `max_attempts`?");
        let all = "it takes `max_attempts`, `base_delay` and `max_delay`";
        assert_eq!(suggestion("colour", &known), all);
        assert_eq!(nearest("MAX_DELAY", &known), Some("max_delay"));
    }

    #[test]
    fn a_single_letter_is_not_taken_for_another() {
        assert_eq!(nearest("x", &["s", "h"]), None);
    }

    #[test]
    fn distance_counts_single_letters() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
