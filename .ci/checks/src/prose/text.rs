//! The text in a file, in blocks: a comment of several lines, a paragraph, a message.

/// The text in a file.
#[derive(Default)]
pub(crate) struct Text {
    pub(crate) blocks: Vec<Block>,
    pub(crate) literals: Vec<LiteralPart>,
}

/// A part of a line that a string literal covers.
pub(crate) struct LiteralPart {
    pub(crate) line: usize,
    pub(crate) text: String,
    /// Is of a raw literal, which can't be continued on the next line by a `\`.
    pub(crate) raw: bool,
}

/// The kind of text, by which rules apply to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Documentation of an item: `///`, `//!`, or the beginning of a page that is included as such.
    Doc,
    /// An ordinary comment or a part of a page.
    Plain,
    /// The text of a string literal.
    Literal,
    /// The name of a function, its words apart.
    FunctionName,
}

/// Consecutive lines of one kind.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) kind: Kind,
    /// Number of the first line.
    pub(crate) line: usize,
    pub(crate) lines: Vec<String>,
}

impl Block {
    /// Makes a block of one or more lines.
    pub(crate) fn new(kind: Kind, line: usize, text: &str) -> Self {
        Self { kind, line, lines: text.split('\n').map(str::to_owned).collect() }
    }

    /// Adds `text` to the last of `blocks` if it is on the next line and of the same kind.
    pub(crate) fn join(blocks: &mut Vec<Self>, kind: Kind, line: usize, text: &str) {
        match blocks.last_mut() {
            Some(last) if last.kind == kind && last.line + last.lines.len() == line => {
                last.lines.push(text.to_owned());
            }
            _ => blocks.push(Self::new(kind, line, text)),
        }
    }
}
