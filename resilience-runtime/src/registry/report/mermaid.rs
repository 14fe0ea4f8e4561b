//! For a page that draws Mermaid diagrams.

use std::fmt;

use super::{Report, Row};

/// A [`Report`] as a Mermaid flowchart. Displayed as its text.
#[derive(Clone, Copy, Debug)]
pub struct Mermaid<'a>(pub(super) &'a Report);

impl fmt::Display for Mermaid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "flowchart LR")?;
        let mut shared = Vec::new();
        let mut links = Vec::new();
        for (number, entry) in self.0.functions.iter().enumerate() {
            writeln!(f, "    subgraph f{number}[\"{}\"]", Escaped(entry.function.path()))?;
            // A policy is shown by its layers, if it has any.
            let is_headline = |place: usize| entry.layers.get(place + 1).is_some_and(|next| next.is_part);
            let shown =
                entry.layers.iter().enumerate().filter(|(place, row)| row.is_part || !is_headline(*place));
            for (place, (_, row)) in shown.enumerate() {
                let arrow = if place > 0 { format!("f{number}_{} --> ", place - 1) } else { String::new() };
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
            writeln!(f, "    s{which}([\"{} {}\"])", row.layer, Escaped(row.name.unwrap_or_default()))?;
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

/// What could mean something to Mermaid, in its own entities: `#` and the number of the character.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            ' ' | '_' | '-' | '.' | ',' | ':' | '/' => write!(f, "{c}"),
            c if c.is_alphanumeric() => write!(f, "{c}"),
            c => write!(f, "#{};", u32::from(c)),
        })
    }
}
