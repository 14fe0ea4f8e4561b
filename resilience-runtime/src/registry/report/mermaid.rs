//! The report as a Mermaid diagram.

use std::fmt;

use super::report::{Report, Row};

/// Mermaid flowchart of a [`Report`]. Displayed as its text.
///
/// ```
/// let report = resilience::registry().report();
/// let chart = report.mermaid().to_string();
/// assert!(chart.starts_with("flowchart LR"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Mermaid<'a>(&'a Report);

impl Report {
    /// Returns the report as a Mermaid flowchart: a box for each function with its layers, one for
    /// the policies of values, and the statics that several functions share. Displayed as the
    /// content of a `mermaid` code block.
    #[must_use]
    pub const fn mermaid(&self) -> Mermaid<'_> {
        Mermaid(self)
    }
}

impl fmt::Display for Mermaid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "flowchart LR")?;
        let mut shared = Vec::new();
        let mut links = Vec::new();
        for (number, entry) in self.0.functions.iter().enumerate() {
            writeln!(f, "    subgraph f{number}[\"{}\"]", Escaped(entry.function.path()))?;
            // A policy with layers is shown as its layers only.
            let is_headline =
                |place: usize| entry.layers.get(place + 1).is_some_and(|next| next.is_part);
            let shown = entry
                .layers
                .iter()
                .enumerate()
                .filter(|(place, row)| row.is_part || !is_headline(*place));
            for (place, (_, row)) in shown.enumerate() {
                let arrow =
                    if place > 0 { format!("f{number}_{} --> ", place - 1) } else { String::new() };
                writeln!(f, "        {arrow}f{number}_{place}[\"{}\"]", Label(row))?;
                if let Some(index) = row.shared {
                    links.push(format!("f{number}_{place} -.- s{index}"));
                    shared.push((index, row));
                }
            }
            writeln!(f, "    end")?;
        }
        for (number, value) in self.0.values.iter().enumerate() {
            writeln!(f, "    v{number}[\"{}\"]", Label(&value.row))?;
        }
        shared.sort_by_key(|(index, _)| *index);
        shared.dedup_by_key(|(index, _)| *index);
        for (index, row) in shared {
            writeln!(
                f,
                "    s{index}([\"{} {}\"])",
                row.layer,
                Escaped(row.name.unwrap_or_default())
            )?;
        }
        links.iter().try_for_each(|link| writeln!(f, "    {link}"))
    }
}

struct Label<'a>(&'a Row);

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(Row { layer, name, limits, .. }) = self;
        f.write_str(layer)?;
        if let Some(name) = name {
            write!(f, " {}", Escaped(name))?;
        }
        if limits.is_empty() { Ok(()) } else { write!(f, "<br/>{}", Escaped(limits)) }
    }
}

/// Text whose special characters are written as entities of Mermaid: `#`, the number of the
/// character, and `;`. Mermaid reads labels as Markdown, so the special characters of Markdown are
/// included.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_entities = !self.0.chars().all(is_plain);
        let mut before = ' ';
        let mut chars = self.0.chars().peekable();
        while let Some(c) = chars.next() {
            let after = chars.peek().copied().unwrap_or(' ');
            let is_text = match c {
                // Mermaid reads `style`, a colon and an entity as a style, and cuts the entity.
                ':' => !has_entities,
                // An underscore inside a word is not an emphasis.
                '_' => is_word(before) && is_word(after),
                // Before a space, these characters begin a list.
                '-' | '.' => after != ' ',
                _ => is_plain(c),
            };
            if is_text {
                write!(f, "{c}")?;
            } else {
                write!(f, "#{};", u32::from(c))?;
            }
            before = c;
        }
        Ok(())
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_plain(c: char) -> bool {
    is_word(c) || matches!(c, ' ' | '-' | '.' | ',' | ':' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        Escaped(text).to_string()
    }

    #[test]
    fn a_rust_path_is_not_escaped() {
        assert_eq!(escaped("shop::card_payment::charge_2"), "shop::card_payment::charge_2");
    }

    #[test]
    fn quotes_brackets_and_entities_are_escaped() {
        assert_eq!(escaped("\"a\" #37; [b]\n"), "#34;a#34; #35;37#59; #91;b#93;#10;");
    }

    #[test]
    fn a_name_is_never_read_as_a_style() {
        assert_eq!(escaped("style::Sheet<T>"), "style#58;#58;Sheet#60;T#62;");
    }

    #[test]
    fn a_name_is_never_read_as_markdown() {
        assert_eq!(escaped("mail::_send_::__all__"), "mail::#95;send#95;::#95;_all_#95;");
        assert_eq!(escaped("1. - *x*"), "1#46; #45; #42;x#42;");
    }
}
