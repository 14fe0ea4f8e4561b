//! The first word of a documentation comment.

use super::text::{Block, Kind};

/// Words that begin a question or a clause where a noun or a verb is expected.
const REFUSED: [&str; 11] =
    ["how", "that", "what", "when", "where", "whether", "which", "who", "whom", "whose", "why"];

/// The line and the word, if a documentation comment begins with a refused one.
pub(crate) fn refused(block: &Block) -> Option<(usize, &str)> {
    if block.kind != Kind::Doc {
        return None;
    }
    let (index, line) = block.lines.iter().enumerate().find(|(_, line)| !line.trim().is_empty())?;
    let text = line.trim_start().trim_start_matches(['*', '_', '"']);
    let first = text.split(|letter: char| !letter.is_alphabetic()).next()?;
    REFUSED.contains(&first.to_lowercase().as_str()).then_some((block.line + index, first))
}

#[cfg(test)]
mod tests {
    use super::{Block, Kind, refused};

    #[test]
    fn only_the_first_word_of_documentation_matters() {
        let word = |kind, text| {
            refused(&Block::new(kind, 3, text)).map(|(line, word)| (line, word.to_owned()))
        };
        assert_eq!(word(Kind::Doc, " What a call gives."), Some((3, "What".to_owned())));
        assert_eq!(word(Kind::Doc, "\n **Whether** it is."), Some((4, "Whether".to_owned())));
        assert_eq!(word(Kind::Doc, " That's it."), Some((3, "That".to_owned())));
        assert_eq!(word(Kind::Doc, " Returns what it has."), None);
        assert_eq!(word(Kind::Doc, " # How it works"), None);
        assert_eq!(word(Kind::Plain, " What a call gives."), None);
    }
}
