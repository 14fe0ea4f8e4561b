//! Names from a text, in messages.

use std::borrow::Cow;
use std::fmt::{self, Display};

use resilience_options::text;

/// Number of characters of a text that a message shows.
const MOST: usize = 100;

/// Text in backticks, shortened.
pub(super) struct Quoted<'t>(pub(super) &'t str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", shortened(self.0))
    }
}

/// Cuts a long text, so that a message has a bounded length.
pub(super) fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MOST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// Returns the message about a key that is none of these.
pub(super) fn unknown_key(name: &str, known: &[&str]) -> String {
    let hint = text::did_you_mean(name, known)
        .unwrap_or_else(|| format!("the keys here are {}", text::list(known)));
    format!("unknown key {}: {hint}", Quoted(name))
}
