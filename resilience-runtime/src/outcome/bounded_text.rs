//! Texts of foreign values, up to a length.

use std::fmt::{self, Display, Write};

/// End of a text that was cut.
const MARK: &str = "…";

/// Text that refuses to grow beyond its limit: a longer one is cut, and ends with [`MARK`].
#[derive(Debug)]
pub(crate) struct BoundedText {
    text: String,
    longest: usize,
}

impl BoundedText {
    pub(crate) const fn new(longest: usize) -> Self {
        Self { text: String::new(), longest }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn into_string(self) -> String {
        self.text
    }
}

impl Write for BoundedText {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let left = self.longest - self.text.len();
        if part.len() <= left {
            self.text.push_str(part);
            return Ok(());
        }
        self.text.push_str(up_to_character(part, left));
        self.text.truncate(up_to_character(&self.text, self.longest - MARK.len()).len());
        self.text.push_str(MARK);
        Err(fmt::Error)
    }
}

/// The first `length` bytes of the text, or as many fewer as make it end after a character.
fn up_to_character(text: &str, length: usize) -> &str {
    (0..=length).rev().find_map(|end| text.get(..end)).unwrap_or(text)
}

/// Returns the text of a value, which has at most `longest` bytes; else the start of it.
pub(crate) fn bounded(value: &impl Display, longest: usize) -> Result<String, String> {
    let mut text = BoundedText::new(longest);
    match write!(text, "{value}") {
        Ok(()) => Ok(text.into_string()),
        Err(fmt::Error) => Err(text.into_string()),
    }
}
