//! Lines that are too long.

use super::text::LiteralPart;

const MOST_COLUMNS: usize = 100;

/// Every line of more than 100 columns that can be broken, and its length. Tables, URLs and output
/// in a `text` block can't be, nor can raw string literals and literals without a space.
pub(crate) fn too_long(text: &str, literals: &[LiteralPart]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut in_output = false;
    for (index, line) in text.lines().enumerate() {
        let content = line.trim_start().trim_start_matches(['/', '!']).trim_start();
        if let Some(language) = content.strip_prefix("```") {
            in_output = matches!(language.trim(), "text" | "mermaid");
        }
        let columns = width(line);
        if columns <= MOST_COLUMNS || in_output || content.starts_with('|') {
            continue;
        }
        let urls = line.split_whitespace().filter(|word| word.contains("://"));
        let is_whole = |part: &&LiteralPart| part.raw || !part.text.contains(' ');
        let parts = literals.iter().filter(|part| part.line == index + 1).filter(is_whole);
        let whole = urls.chain(parts.map(|part| part.text.as_str()));
        if columns - whole.map(width).max().unwrap_or(0) > MOST_COLUMNS {
            found.push((index + 1, columns));
        }
    }
    found
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::super::rust::read;
    use super::too_long;

    #[test]
    fn what_can_not_be_broken_is_left_alone() {
        let long = "x".repeat(90);
        let lines = |code: &str| too_long(code, &read(code).literals).len();
        assert_eq!(lines(&format!("// A comment of 102 columns {}", "y ".repeat(40))), 1);
        assert_eq!(lines(&format!("/// | a table | {long} |")), 0);
        assert_eq!(lines(&format!("// See https://{long}.org")), 0);
        assert_eq!(lines(&format!("/// ```text\n/// {long} {long}\n/// ```")), 0);
        assert_eq!(lines(&format!("/// ```\n/// {long} {long}\n/// ```")), 1);
        assert_eq!(lines(&format!("        let text = \"{long}\";")), 0);
        assert_eq!(lines(&format!("        let text = \"{}\";", "x ".repeat(50))), 1);
        assert_eq!(lines(&format!("        let text = r\"{}\";", "x ".repeat(50))), 0);
    }
}
