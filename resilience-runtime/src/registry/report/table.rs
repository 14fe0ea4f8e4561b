//! The report as a table for a terminal.

use std::fmt;

use super::report::{FunctionRows, Report, Row, ValueRow};
use crate::outcome::one_line;

const HEADER: [&str; 4] = ["function", "layer", "name", "limits"];

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let functions = self.functions.iter().map(lines);
        let entries: Vec<_> = functions.chain(self.values.iter().map(lines_of_value)).collect();
        let mut widths = HEADER.map(width);
        for line in entries.iter().flatten() {
            for (widest, cell) in widths.iter_mut().zip(line) {
                *widest = width(cell).max(*widest);
            }
        }
        write_line(f, widths, &HEADER.map(String::from))?;
        write_line(f, widths, &widths.map(|width| "─".repeat(width.min(60))))?;
        for (number, entry) in entries.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            entry.iter().try_for_each(|line| write_line(f, widths, line))?;
        }
        if self.warnings.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nwarnings")?;
        self.warnings
            .iter()
            .try_for_each(|warning| writeln!(f, "- {}", one_line(&warning.to_string())))
    }
}

/// Returns a line per layer. The first three lines also show the function, its place in the code,
/// and the number of its calls.
fn lines(entry: &FunctionRows) -> Vec<[String; 4]> {
    let FunctionRows { function, layers } = entry;
    let calls = match function.stats().calls {
        0 => String::from("never called"),
        1 => String::from("1 call"),
        calls => format!("{calls} calls"),
    };
    let about_function = [
        one_line(function.path()),
        format!("  {}:{}", function.file(), function.line()),
        format!("  {calls}"),
    ];
    (0..about_function.len().max(layers.len()))
        .map(|line| {
            let [layer, name, limits] = layers.get(line).map(about_layer).unwrap_or_default();
            [about_function.get(line).cloned().unwrap_or_default(), layer, name, limits]
        })
        .collect()
}

/// Returns a line with the policy, and one with the place of its registration.
fn lines_of_value(ValueRow { row, place }: &ValueRow) -> Vec<[String; 4]> {
    let [layer, name, limits] = about_layer(row);
    let place = format!("  {}:{}", place.file(), place.line());
    vec![
        [String::from("(of values)"), layer, name, limits],
        [place, String::new(), String::new(), String::new()],
    ]
}

fn about_layer(row: &Row) -> [String; 3] {
    let indent = if row.is_part { "  " } else { "" };
    let name = row.name.unwrap_or_default();
    [format!("{indent}{}", row.layer), one_line(name), one_line(&row.limits)]
}

fn write_line(f: &mut fmt::Formatter<'_>, widths: [usize; 4], cells: &[String; 4]) -> fmt::Result {
    let padded = widths.iter().zip(cells).map(|(width, cell)| format!("{cell:<width$}"));
    writeln!(f, "{}", padded.collect::<Vec<_>>().join("  ").trim_end())
}

fn width(text: &str) -> usize {
    text.chars().count()
}
