//! A type name exists once in a crate.

use std::collections::BTreeMap;
use std::path::Path;

use crate::report::{Outcome, Report};
use crate::source::{Crate, crates, load};

/// Checks every crate of the library.
pub(crate) fn check(root: &Path) -> Outcome {
    let mut report = Report::default();
    for name in crates(root)? {
        check_crate(&load(root, &name)?, &mut report);
    }
    Ok(report)
}

fn check_crate(source: &Crate, report: &mut Report) {
    let mut places: BTreeMap<&str, Vec<Definition<'_>>> = BTreeMap::new();
    for module in &source.modules {
        let path = source.files[module.file].path.as_str();
        for found in &module.types {
            let place = Definition { path, line: found.line, conditional: found.conditional };
            places.entry(&found.name).or_default().push(place);
        }
    }
    let types = places.len();
    for (name, places) in places {
        // One file may define a type twice, under conditions of which one is true.
        let are_alternatives =
            places.iter().all(|place| place.conditional && place.path == places[0].path);
        if places.len() > 1 && !are_alternatives {
            let shown: Vec<String> =
                places.iter().map(|place| format!("{}:{}", place.path, place.line)).collect();
            report.findings.push(format!(
                "{}: `{name}` is also a type at {}; give each a name that says which it is",
                shown[0],
                shown[1..].join(", ")
            ));
        }
    }
    report.summary.push(format!("{}: {types} names of types", source.name));
}

struct Definition<'a> {
    path: &'a str,
    line: usize,
    conditional: bool,
}

#[cfg(test)]
mod tests {
    use super::check_crate;
    use crate::report::Report;
    use crate::source::load_from;

    fn findings(text: &str) -> Vec<String> {
        let source = load_from("c", &|_| Some(text.to_owned())).expect("it parses");
        let mut report = Report::default();
        check_crate(&source, &mut report);
        report.findings
    }

    #[test]
    fn a_name_that_exists_twice_is_named_with_its_places() {
        let found = findings("struct A;\nmod m {\n type A = u8;\n}");
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("c/src/lib.rs:1: `A` is also a type at c/src/lib.rs:3;"));
    }

    #[test]
    fn tests_associated_types_and_alternatives_are_left_out() {
        assert!(findings("struct A; #[cfg(test)] mod tests { struct A; }").is_empty());
        assert!(findings("impl I for A { type T = u8; } impl I for B { type T = u8; }").is_empty());
        assert!(findings("#[cfg(x)] struct A; #[cfg(not(x))] struct A;").is_empty());
    }
}
