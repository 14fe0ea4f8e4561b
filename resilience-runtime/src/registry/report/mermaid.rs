//! The report as a diagram.

use std::fmt;

use super::report::{Report, Row};

/// A [`Report`] as a Mermaid flowchart. Displayed as its text.
///
/// ```
/// let report = resilience::registry().report();
/// let chart = report.mermaid().to_string();
/// assert!(chart.starts_with("flowchart LR"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Mermaid<'a>(&'a Report);

impl Report {
    /// The report as a Mermaid flowchart: a box for each function with its layers, and the statics
    /// that several functions share. Displayed as the text of a `mermaid` code block.
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
            // A policy is shown by its layers, if it has any.
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
                if let Some(which) = row.shared {
                    links.push(format!("f{number}_{place} -.- s{which}"));
                    shared.push((which, row));
                }
            }
            writeln!(f, "    end")?;
        }
        shared.sort_by_key(|(which, _)| *which);
        shared.dedup_by_key(|(which, _)| *which);
        for (which, row) in shared {
            writeln!(
                f,
                "    s{which}([\"{} {}\"])",
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

/// What could mean something to Mermaid, or to the Markdown that it reads labels as, in Mermaid's
/// own entities: `#` and the number of the character.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_entities = !self.0.chars().all(is_plain);
        let mut before = ' ';
        let mut chars = self.0.chars().peekable();
        while let Some(c) = chars.next() {
            let after = chars.peek().copied().unwrap_or(' ');
            let is_text = match c {
                // `style`, a colon and then an entity: Mermaid takes that for a style, wherever it
                // stands, and cuts it short.
                ':' => !has_entities,
                // Within a word it emphasizes nothing.
                '_' => is_word(before) && is_word(after),
                // With a space behind it, what begins a list.
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
    fn a_name_as_rust_has_it_is_left_alone() {
        assert_eq!(escaped("shop::card_payment::charge_2"), "shop::card_payment::charge_2");
    }

    #[test]
    fn what_ends_a_label_or_begins_an_entity_is_an_entity() {
        assert_eq!(escaped("\"a\" #37; [b]\n"), "#34;a#34; #35;37#59; #91;b#93;#10;");
    }

    #[test]
    fn no_name_looks_like_a_style() {
        assert_eq!(escaped("style::Sheet<T>"), "style#58;#58;Sheet#60;T#62;");
    }

    #[test]
    fn no_name_is_read_as_markdown() {
        assert_eq!(escaped("mail::_send_::__all__"), "mail::#95;send#95;::#95;_all_#95;");
        assert_eq!(escaped("1. - *x*"), "1#46; #45; #42;x#42;");
    }
}
