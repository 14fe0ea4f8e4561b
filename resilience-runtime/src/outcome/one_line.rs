//! Foreign text on one line.

use std::fmt::{self, Display, Write};

/// Text with escapes in place of line breaks, other control characters, and characters that change
/// the direction of the text around: a terminal or a log shows it as it is.
pub(crate) struct OneLine<'t>(pub(crate) &'t str);

impl Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(needs_escape) {
            f.write_str(&rest[..at])?;
            let mut left = rest[at..].chars();
            left.next()
                .into_iter()
                .flat_map(char::escape_default)
                .try_for_each(|c| f.write_char(c))?;
            rest = left.as_str();
        }
        f.write_str(rest)
    }
}

fn needs_escape(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// Returns the text as [`OneLine`] shows it.
pub(crate) fn one_line(text: &str) -> String {
    OneLine(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor_or_turns_the_text() {
        assert_eq!(one_line("a\nb\u{1b}[31m\0"), "a\\nb\\u{1b}[31m\\u{0}");
        assert_eq!(one_line("\u{202e}evil\u{2066}"), "\\u{202e}evil\\u{2066}");
        assert_eq!(one_line("schön 👩‍💻 \"q\""), "schön 👩‍💻 \"q\"");
        assert_eq!(one_line(""), "");
    }
}
