//! The figures: printed, committed and compared.

use std::fmt;
use std::path::PathBuf;
use std::process::Command;

/// Cost of one kind of call.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Figure {
    pub(crate) layer: String,
    pub(crate) who: String,
    pub(crate) work: String,
    pub(crate) instructions: u64,
    pub(crate) allocations: u64,
}

/// Displayed as a table, and read from one.
pub(crate) struct Figures(pub(crate) Vec<Figure>);

const HEAD: &str = "\
| layer | by | work | instructions, the bare call's included | allocations |
|---|---|---|---:|---:|
";

/// Difference in the instructions, in percent, that a detail of code generation may cause.
const TOLERANCE: u64 = 5;

impl Figures {
    pub(crate) fn committed() -> Self {
        let text = std::fs::read_to_string(path()).expect("benches/figures.md can be read");
        Self(text.lines().filter_map(Figure::parse).collect())
    }

    pub(crate) fn write(&self) {
        let text = format!(
            "Cost of a call, counted by `cargo run -p resilience-counted --release -- write` with\n\
             {}.\n\n{self}",
            compiler()
        );
        std::fs::write(path(), text).expect("benches/figures.md can be written");
    }

    /// Compares the figures with the committed ones. Returns the regressions and the remarks.
    pub(crate) fn compare(&self, committed: &Self) -> (Vec<String>, Vec<String>) {
        let (mut complaints, mut remarks) = (Vec::new(), Vec::new());
        for figure in &self.0 {
            let Some(before) = committed.0.iter().find(|before| before.is_same_call(figure)) else {
                complaints.push(format!(
                    "{figure}\n  is not in benches/figures.md: run `write` and commit it"
                ));
                continue;
            };
            if figure.who != "ours" {
                continue;
            }
            let change = format!("{before}\n  was committed; now it is\n{figure}");
            let tolerated = before.instructions * TOLERANCE / 100;
            if figure.allocations > before.allocations
                || figure.instructions > before.instructions + tolerated
            {
                complaints.push(change);
            } else if figure.instructions + tolerated < before.instructions {
                remarks.push(format!("{change}\n  which is better: run `write` and commit it"));
            }
        }
        for before in &committed.0 {
            if !self.0.iter().any(|figure| figure.is_same_call(before)) {
                complaints.push(format!("{before}\n  was committed, but is not measured any more"));
            }
        }
        if !complaints.is_empty() {
            complaints.push(format!(
                "Fix the regressions, or run `write` and commit the figures with the reason. This \
                 is {}; the counts depend on the compiler, which benches/figures.md names.",
                compiler()
            ));
        }
        (complaints, remarks)
    }
}

impl Figure {
    fn is_same_call(&self, other: &Self) -> bool {
        (&self.layer, &self.who, &self.work) == (&other.layer, &other.who, &other.work)
    }

    fn parse(line: &str) -> Option<Self> {
        let cells: Vec<&str> =
            line.strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect();
        let [layer, who, work, instructions, allocations] = *cells else { return None };
        Some(Self {
            layer: layer.into(),
            who: who.into(),
            work: work.into(),
            instructions: instructions.parse().ok()?,
            allocations: allocations.parse().ok()?,
        })
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { layer, who, work, instructions, allocations } = self;
        write!(f, "| {layer} | {who} | {work} | {instructions} | {allocations} |")
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        self.0.iter().try_for_each(|figure| writeln!(f, "{figure}"))
    }
}

fn path() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "figures.md"].iter().collect()
}

fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output().expect("rustc can be run");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Figure, Figures};

    fn figure(instructions: u64, allocations: u64) -> Figures {
        let [layer, who, work] = ["retry", "ours", "ready"].map(String::from);
        Figures(vec![Figure { layer, who, work, instructions, allocations }])
    }

    fn complaints(now: &Figures, committed: &Figures) -> usize {
        // The last complaint is the advice.
        now.compare(committed).0.len().saturating_sub(1)
    }

    #[test]
    fn a_written_table_is_read_back() {
        let figures = figure(100, 2);
        let read: Vec<_> = figures.to_string().lines().filter_map(Figure::parse).collect();
        assert_eq!(read, figures.0);
    }

    #[test]
    fn a_few_percent_are_no_regression_but_a_tenth_is() {
        assert_eq!(complaints(&figure(105, 0), &figure(100, 0)), 0);
        assert_eq!(complaints(&figure(110, 0), &figure(100, 0)), 1);
    }

    #[test]
    fn one_allocation_more_is_a_regression() {
        assert_eq!(complaints(&figure(100, 1), &figure(100, 0)), 1);
    }

    #[test]
    fn a_figure_that_was_never_committed_is_a_complaint() {
        assert_eq!(complaints(&figure(100, 0), &Figures(Vec::new())), 1);
    }

    #[test]
    fn a_figure_that_is_no_longer_measured_is_a_complaint() {
        assert_eq!(complaints(&Figures(Vec::new()), &figure(100, 0)), 1);
    }

    #[test]
    fn the_performance_page_shows_the_committed_instructions() {
        const PAGE: &str = include_str!("../../../resilience-runtime/docs/performance.md");
        const ROWS: [(&str, &str); 10] = [
            ("`#[retry]`", "retry"),
            ("`#[circuit_breaker]` that counts failures", "breaker, failures"),
            ("… that takes a rate over time", "breaker, rate over time"),
            ("… that looks at the last calls", "breaker, last calls"),
            ("… of a `Keyed`", "breaker of a key"),
            ("`#[bulkhead]`", "bulkhead"),
            ("`#[timeout]`", "timeout"),
            ("`#[fallback]`", "fallback"),
            ("all five", "five layers"),
            ("`#[resilient]` with all five", "five layers by policy"),
        ];
        let committed = Figures::committed();
        let instructions = |layer: &str, who: &str| {
            let mut rows = committed.0.iter();
            let row = rows.find(|row| row.layer == layer && row.who == who && row.work == "ready");
            row.map(|row| row.instructions.to_string()).unwrap_or_default()
        };
        for (title, layer) in ROWS {
            let line = PAGE.lines().find(|line| line.starts_with(&format!("| {title} |")));
            let line = line.unwrap_or_else(|| panic!("the page has no row for {title}"));
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            assert_eq!(
                cells[3..5],
                [instructions(layer, "ours"), instructions(layer, "by hand")],
                "{title}"
            );
        }
    }
}
