//! Collecting what is wrong, so that all of it is said at once.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Error;

/// Every mistake found so far.
#[derive(Default)]
pub(crate) struct Report(Option<Error>);

impl Report {
    pub(crate) fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            none => *none = Some(error),
        }
    }

    pub(crate) fn at(&mut self, span: Span, message: impl std::fmt::Display) {
        self.push(Error::new(span, message));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// As tokens that make rustc report them.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.0.map(Error::into_compile_error).unwrap_or_default()
    }
}

/// As a user would write it: rustc puts spaces between the tokens that were taken apart.
pub(crate) fn written(tokens: impl ToTokens) -> String {
    tokens
        .to_token_stream()
        .to_string()
        .replace(" :: ", "::")
        .replace(" . ", ".")
        .replace("& ", "&")
}

/// "did you mean `b`?" where one of the known names is close enough to be meant, else all of them.
pub(crate) fn suggestion(found: &str, known: &[&str]) -> String {
    did_you_mean(found, known).unwrap_or_else(|| format!("it takes {}", list(known)))
}

/// "did you mean `b`?", if one of the known names is close enough to be meant.
pub(crate) fn did_you_mean(found: &str, known: &[&str]) -> Option<String> {
    nearest(found, known).map(|name| format!("did you mean `{name}`?"))
}

/// The known name that is closest, if it is close enough to be meant: no more than about a third of its letters are others.
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

/// How many letters must be put in, left out or changed to get from `a` to `b` (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.chars().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
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
        assert_eq!(
            suggestion("colour", &known),
            "it takes `max_attempts`, `base_delay` and `max_delay`"
        );
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
