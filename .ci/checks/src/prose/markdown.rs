//! Text of pages, and of comments in shell scripts and TOML files.

use super::text::{Block, Kind};

/// Every line of a page; a heading or a blank line ends a block. The first paragraph of a page that
/// is `included` is the documentation of an item.
pub(crate) fn page(text: &str, included: bool) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut kind = if included { Kind::Doc } else { Kind::Plain };
    for (index, line) in text.lines().enumerate() {
        let is_break = line.trim().is_empty() || line.starts_with('#');
        if !line.trim().is_empty() {
            let kind = if line.starts_with('#') { Kind::Plain } else { kind };
            Block::join(&mut blocks, kind, index + 1, line);
        }
        if is_break && blocks.iter().any(|block| block.kind == Kind::Doc) {
            kind = Kind::Plain;
        }
    }
    blocks
}

/// The comments of a file in which `#` begins them.
pub(crate) fn hash_comments(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(comment) = line.trim_start().strip_prefix('#') {
            Block::join(&mut blocks, Kind::Plain, index + 1, comment);
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::{Kind, hash_comments, page};

    #[test]
    fn only_the_first_paragraph_of_an_included_page_documents_an_item() {
        let kinds: Vec<Kind> =
            page("# T\n\nA b\nc.\n\nD.\n", true).iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [Kind::Plain, Kind::Doc, Kind::Plain]);
        assert!(page("A.\n", false).iter().all(|block| block.kind == Kind::Plain));
    }

    #[test]
    fn comments_begin_with_a_hash() {
        let found = hash_comments("# a\n# b\nc = 1\n  # d\n");
        assert_eq!(found.iter().map(|it| it.line).collect::<Vec<_>>(), [1, 4]);
    }
}
