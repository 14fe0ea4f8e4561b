//! Words that are never right here, and what to write instead.

use super::text::Block;

/// Forms of a word or phrase, in lower case, and what to write instead. A `*` stands for any word.
struct Refused {
    forms: &'static [&'static str],
    instead: &'static str,
}

const REFUSED: &[Refused] = &[
    Refused { forms: &["mend", "mends", "mended", "mending"], instead: "fix" },
    Refused {
        forms: &["tell", "tells", "told", "telling"],
        instead: "document, report, notify, show or distinguish",
    },
    Refused {
        forms: &["turn away", "turns away", "turned away", "turning away"],
        instead: "reject",
    },
    Refused {
        forms: &["turn * away", "turns * away", "turned * away", "turning * away"],
        instead: "reject",
    },
    Refused { forms: &["in words"], instead: "as text, or described" },
    Refused { forms: &["at rest"], instead: "idle" },
    Refused {
        forms: &[
            "leave no trace",
            "leaves no trace",
            "left no trace",
            "without a trace",
            "traceless",
        ],
        instead: "not counted, or without effect",
    },
    Refused { forms: &["tally", "tallies", "tallied"], instead: "count, or counted" },
    Refused {
        forms: &["stand", "stands", "stood", "standing"],
        instead: "is, is written, applies or surrounds",
    },
    Refused { forms: &["whoever", "whomever"], instead: "the caller that, or the task that" },
    Refused { forms: &["anew"], instead: "again, or from the start" },
    Refused {
        forms: &["last so many", "most so many", "so many calls", "within so many"],
        instead: "a number of, or the given number of",
    },
    Refused {
        forms: &[
            "one a call",
            "one a host",
            "one a key",
            "one a line",
            "one a test",
            "one a thread",
        ],
        instead: "one per",
    },
    Refused { forms: &["in vain"], instead: "without effect" },
    Refused { forms: &["likewise"], instead: "the sentence again, in full" },
    Refused { forms: &["brings back", "bring back", "brought back"], instead: "restores" },
    Refused { forms: &["goes on under", "goes on with other"], instead: "overrides" },
];

/// Phrases that are right though a part of them is refused.
const ALLOWED: &[&str] =
    &["stand for", "stands for", "stand in for", "stands in for", "in words that", "in words the"];

/// A refused word or phrase, its line, and what to write instead.
#[derive(Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) line: usize,
    pub(crate) phrase: String,
    pub(crate) instead: &'static str,
}

/// Every refused word in a block. Phrases may go over the end of a line, but not over punctuation.
pub(crate) fn refused(block: &Block) -> Vec<Found> {
    let words = words(block);
    let mut found = Vec::new();
    for at in 0..words.len() {
        if ALLOWED.iter().any(|phrase| matched(&words[at..], phrase).is_some()) {
            continue;
        }
        for refused in REFUSED {
            let length = refused.forms.iter().find_map(|form| matched(&words[at..], form));
            if let Some(length) = length {
                let phrase: Vec<&str> =
                    words[at..at + length].iter().map(|(_, word)| word.as_str()).collect();
                found.push(Found {
                    line: words[at].0,
                    phrase: phrase.join(" "),
                    instead: refused.instead,
                });
            }
        }
    }
    found
}

/// The number of words that `phrase` has, if `words` begin with it.
fn matched(words: &[(usize, String)], phrase: &str) -> Option<usize> {
    let parts: Vec<&str> = phrase.split(' ').collect();
    let begins =
        words.len() >= parts.len()
            && parts.iter().zip(words).all(|(part, (_, word))| {
                if *part == "*" { !word.is_empty() } else { *part == word }
            });
    begins.then_some(parts.len())
}

/// The words of a block in lower case, each with its line; a punctuation mark is an empty word.
fn words(block: &Block) -> Vec<(usize, String)> {
    let mut words = Vec::new();
    for (index, line) in block.lines.iter().enumerate() {
        let mut word = String::new();
        let line_number = block.line + index;
        for letter in line.chars().chain([' ']) {
            if letter.is_alphanumeric() || matches!(letter, '_' | '\'' | '-') {
                word.extend(letter.to_lowercase());
                continue;
            }
            if !word.is_empty() {
                words.push((line_number, std::mem::take(&mut word)));
            }
            if !letter.is_whitespace() && letter != '*' {
                words.push((line_number, String::new()));
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::super::text::{Block, Kind};
    use super::refused;

    fn phrases(text: &str) -> Vec<(usize, String)> {
        let found = refused(&Block::new(Kind::Plain, 1, text));
        found.into_iter().map(|found| (found.line, found.phrase)).collect()
    }

    #[test]
    fn words_are_matched_whole() {
        assert_eq!(
            phrases("It told foretold tell_all Tells."),
            [(1, "told".to_owned()), (1, "tells".to_owned())]
        );
    }

    #[test]
    fn phrases_go_over_lines_but_not_over_punctuation() {
        assert_eq!(phrases("a call is turned\naway"), [(1, "turned away".to_owned())]);
        assert_eq!(phrases("turns calls away"), [(1, "turns calls away".to_owned())]);
        assert!(phrases("it turns, and away it goes").is_empty());
    }

    #[test]
    fn allowed_phrases_are_left_alone() {
        assert!(phrases("a name that stands for it").is_empty());
        assert_eq!(phrases("it stands alone").len(), 1);
    }
}
