//! Comments and string literals of Rust code.

use super::text::{Block, Kind, LiteralPart, Text};

/// Finds the comments, literals and names of functions in `code`.
pub(crate) fn read(code: &str) -> Text {
    let mut lexer = Lexer { rest: code, line: 1, found: Text::default() };
    while !lexer.rest.is_empty() {
        lexer.step();
    }
    lexer.found
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
    found: Text,
}

impl<'a> Lexer<'a> {
    fn step(&mut self) {
        let rest = self.rest;
        if rest.starts_with("//") {
            let text = self.take(rest.find('\n').unwrap_or(rest.len()));
            self.line_comment(text);
        } else if rest.starts_with("/*") {
            let (line, text) = (self.line, self.take(block_comment_length(rest)));
            let is_doc = text.starts_with("/**") || text.starts_with("/*!");
            let kind = if is_doc { Kind::Doc } else { Kind::Plain };
            let text = text.trim_start_matches(['/', '*', '!']).trim_end_matches(['*', '/']);
            self.found.blocks.push(Block::new(kind, line, text));
        } else if let Some((quote, hashes)) = raw_string(rest) {
            let end = format!("\"{}", "#".repeat(hashes));
            let length =
                rest[quote + 1..].find(&end).map_or(rest.len(), |at| quote + 1 + at + end.len());
            self.literal(length, quote + 1, end.len(), true);
        } else if rest.starts_with('"') {
            self.literal(string_length(rest), 1, 1, false);
        } else if let Some(length) = char_length(rest) {
            self.take(length);
        } else if rest.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
            self.word();
        } else {
            self.take(rest.chars().next().map_or(0, char::len_utf8));
        }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn line_comment(&mut self, text: &str) {
        let is_doc =
            text.starts_with("//!") || (text.starts_with("///") && !text.starts_with("////"));
        let (kind, text) = if is_doc { (Kind::Doc, &text[3..]) } else { (Kind::Plain, &text[2..]) };
        Block::join(&mut self.found.blocks, kind, self.line, text);
    }

    fn literal(&mut self, length: usize, opening: usize, closing: usize, raw: bool) {
        let line = self.line;
        let text = self.take(length);
        for (index, part) in text.split('\n').enumerate() {
            self.found.literals.push(LiteralPart {
                line: line + index,
                text: part.to_owned(),
                raw,
            });
        }
        let inner = text.get(opening..length.saturating_sub(closing)).unwrap_or("");
        self.found.blocks.push(Block::new(Kind::Literal, line, &inner.replace("\\n", " ")));
    }

    /// Takes an identifier or keyword, and after `fn` the name of the function.
    fn word(&mut self) {
        let end = |text: &str| {
            text.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(text.len())
        };
        if self.take(end(self.rest)) == "fn" && self.rest.starts_with(' ') {
            self.take(1);
            let (line, name) = (self.line, self.take(end(self.rest)));
            if !name.is_empty() {
                self.found.blocks.push(Block::new(
                    Kind::FunctionName,
                    line,
                    &name.replace('_', " "),
                ));
            }
        }
    }
}

/// The place of the quote and the number of `#` before it, if a raw string begins here.
fn raw_string(rest: &str) -> Option<(usize, usize)> {
    let prefix = ["br", "cr", "r"].into_iter().find(|prefix| rest.starts_with(prefix))?;
    let hashes = rest[prefix.len()..].chars().take_while(|letter| *letter == '#').count();
    let quote = prefix.len() + hashes;
    rest[quote..].starts_with('"').then_some((quote, hashes))
}

fn string_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of a character literal: `'a'`, `'\n'`, but not the lifetime `'a`.
fn char_length(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('\'')?;
    let first = inner.chars().next()?;
    if first == '\\' {
        // The character after the backslash may be a quote.
        return inner.get(2..)?.find('\'').map(|at| at + 4);
    }
    inner[first.len_utf8()..].starts_with('\'').then(|| first.len_utf8() + 2)
}

fn block_comment_length(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        let tail = &rest[at..];
        if tail.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += tail.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::{Kind, read};

    fn blocks(code: &str) -> Vec<(Kind, usize, String)> {
        read(code).blocks.into_iter().map(|it| (it.kind, it.line, it.lines.join("|"))).collect()
    }

    #[test]
    fn lines_of_a_comment_belong_together() {
        assert_eq!(
            blocks("/// One\n/// two.\n// Three.\nlet x = 1; // Four.\n"),
            [
                (Kind::Doc, 1, " One| two.".to_owned()),
                (Kind::Plain, 3, " Three.| Four.".to_owned()),
            ]
        );
    }

    #[test]
    fn literals_end_where_they_end() {
        let code = "let a = \"x \\\" // y\"; let b = r#\"// \"z\"\"#; let c = '\"'; let d = '\\''; \
                    // e\nfn f_g<'a>() {}";
        let texts: Vec<String> = blocks(code).into_iter().map(|(_, _, text)| text).collect();
        assert_eq!(texts, ["x \\\" // y", "// \"z\"", " e", "f g"]);
    }

    #[test]
    fn comments_nest() {
        assert_eq!(blocks("/* a /* b */ c */ \"d\"").len(), 2);
    }
}
