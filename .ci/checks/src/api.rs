//! The public API is the one in `.ci/public-api.txt`, and its root is small.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use public_api::PublicItem;

use crate::report::{Outcome, Report};

const PACKAGE: &str = "resilience-runtime";
const LIBRARY: &str = "resilience";
const LIST: &str = ".ci/public-api.txt";
const HELP: &str = "if the public API is meant to change, run `cargo run -p resilience-checks -- \
                    api write` and commit .ci/public-api.txt with the change";
/// Largest number of names that a user may find at the root.
const MOST_ROOT_NAMES: usize = 45;

/// Compares the public API with the committed list.
pub(crate) fn check(root: &Path) -> Outcome {
    let present = public_api(root)?;
    let committed = fs::read_to_string(root.join(LIST)).unwrap_or_default();
    let mut report = compare(&committed, &present);
    check_root(&present, &mut report);
    Ok(report)
}

/// Writes the present public API to the list.
pub(crate) fn write(root: &Path) -> Outcome {
    let present = public_api(root)?;
    fs::write(root.join(LIST), present.join("\n") + "\n")?;
    let mut report = Report::default();
    report.summary.push(format!("wrote {} items to {LIST}", present.len()));
    check_root(&present, &mut report);
    Ok(report)
}

/// Each public item with its signature, in order of the paths.
fn public_api(root: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let json = rustdoc_json(root)?;
    let api = public_api::Builder::from_rustdoc_json(&json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .map_err(|error| {
            format!(
                "{error}\nThe workspace's Cargo.toml names the version of `public-api` that reads \
                 the format of Rust 1.95. With another Rust, take the version that fits it."
            )
        })?;
    let item = |item: &PublicItem| Item {
        id: item.id().0,
        parent: item.parent_id().map(|id| id.0),
        text: item.to_string(),
    };
    Ok(listed(&api.items().map(item).collect::<Vec<_>>()))
}

/// A public item, or an `impl`, by the number that rustdoc has for it.
struct Item {
    id: u32,
    parent: Option<u32>,
    text: String,
}

/// The texts of all items but implementations of hidden traits, and functions of implemented ones,
/// which are the functions of the trait.
fn listed(items: &[Item]) -> Vec<String> {
    let name_end = |letter: char| !letter.is_alphanumeric() && !matches!(letter, '_' | ':');
    let traits: BTreeSet<&str> = items
        .iter()
        .filter_map(|item| item.text.split_once("pub trait ")?.1.split(name_end).next())
        .map(|name| name.trim_end_matches(':'))
        .collect();
    let is_hidden = |text: &str| {
        let name = implemented_trait(text).and_then(|name| name.split(name_end).next());
        name.is_some_and(|name| {
            let is_ours = name.starts_with(&format!("{LIBRARY}::"));
            (is_ours && !traits.contains(name)) || name == "core::marker::StructuralPartialEq"
        })
    };
    let texts: BTreeMap<u32, &str> = items.iter().map(|it| (it.id, it.text.as_str())).collect();
    let is_listed = |item: &&Item| {
        let parent = item.parent.and_then(|parent| texts.get(&parent).copied()).unwrap_or("");
        let is_of_trait = implemented_trait(parent).is_some() && item.text.contains("fn ");
        !is_hidden(&item.text) && !is_hidden(parent) && !is_of_trait
    };
    items.iter().filter(is_listed).map(|item| item.text.clone()).collect()
}

/// The trait of `impl<…> Trait for Type`.
fn implemented_trait(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("impl")?;
    let mut depth = 0;
    let mut before = ' ';
    let end_of_generics = rest.find(|letter| {
        match letter {
            '<' => depth += 1,
            '>' if before != '-' => depth -= 1,
            _ => {}
        }
        before = letter;
        depth == 0
    })?;
    let (name, _) = rest[end_of_generics + 1..].trim_start().split_once(" for ")?;
    Some(name)
}

/// Runs rustdoc for its description of the library, and returns the file.
fn rustdoc_json(root: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(root)
        .args(["rustdoc", "--quiet", "--locked", "--package", PACKAGE, "--lib", "--all-features"])
        .arg("--target-dir")
        .arg(&target)
        .args(["--", "-Z", "unstable-options", "--output-format", "json"])
        .env("RUSTDOC", Path::new(env!("CARGO_MANIFEST_DIR")).join("rustdoc"))
        .status()?;
    if !status.success() {
        return Err("rustdoc failed, see above".into());
    }
    Ok(target.join("doc").join(LIBRARY).with_extension("json"))
}

fn compare(committed: &str, present: &[String]) -> Report {
    let mut report = Report { help: HELP, ..Report::default() };
    let committed: BTreeSet<&str> = committed.lines().collect();
    let present_set: BTreeSet<&str> = present.iter().map(String::as_str).collect();
    let removed = committed.difference(&present_set).map(|line| format!("- {line}"));
    let added = present_set.difference(&committed).map(|line| format!("+ {line}"));
    report.findings.extend(removed.chain(added));
    report.summary.push(format!("{} public items", present.len()));
    report
}

fn check_root(items: &[String], report: &mut Report) {
    let names = root_names(items);
    report.summary.push(format!("{} names at the root of `{LIBRARY}`", names.len()));
    if names.len() > MOST_ROOT_NAMES {
        let list = names.into_iter().collect::<Vec<_>>().join(" ");
        report.findings.push(format!(
            "{LIBRARY}: more than {MOST_ROOT_NAMES} names at the root; move some to modules, or \
             hide those that only rustc must name: {list}"
        ));
    }
}

/// Names at the root of the library. A trait and a derive macro of the same name count once.
fn root_names(items: &[String]) -> BTreeSet<&str> {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    items
        .iter()
        .filter(|item| item.starts_with("pub ") || item.contains("] pub "))
        .filter_map(|item| {
            // The first path in the text is that of the item.
            let (_, name) = item.split_once(&format!(" {LIBRARY}::"))?;
            name.split(|letter| !is_name(letter)).next()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Item, compare, listed, root_names};

    fn items(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn changes_are_shown_as_a_diff() {
        let present = items(&["pub fn resilience::a()", "pub fn resilience::c()"]);
        let report = compare("pub fn resilience::a()\npub fn resilience::b()\n", &present);
        assert_eq!(report.findings, ["- pub fn resilience::b()", "+ pub fn resilience::c()"]);
    }

    #[test]
    fn hidden_traits_and_functions_of_traits_are_left_out() {
        let kept = [
            "pub trait resilience::Class: Sized",
            "impl<'a> core::clone::Clone for resilience::A<'a>",
        ];
        let texts = [
            (1, None, kept[0]),
            (2, None, "impl<F: Fn() -> u8> resilience::hidden::Declare for resilience::A"),
            (3, Some(2), "pub type resilience::A::B = u8"),
            (4, None, kept[1]),
            (5, Some(4), "pub fn resilience::A::clone(&self) -> Self"),
        ];
        let item = |&(id, parent, text): &(u32, Option<u32>, &str)| Item {
            id,
            parent,
            text: text.to_owned(),
        };
        let items: Vec<Item> = texts.iter().map(item).collect();
        assert_eq!(listed(&items), kept);
    }

    #[test]
    fn each_name_at_the_root_counts_once() {
        let present = items(&[
            "pub mod resilience",
            "pub use resilience::Classify",
            "pub trait resilience::Classify",
            "#[non_exhaustive] pub enum resilience::Error",
            "pub resilience::Error::Timeout",
            "pub fn resilience::deadline() -> core::option::Option<std::time::Instant>",
            "pub macro resilience::register!",
            "impl core::clone::Clone for resilience::Hidden",
        ]);
        let names: Vec<&str> = root_names(&present).into_iter().collect();
        assert_eq!(names, ["Classify", "Error", "deadline", "register"]);
    }
}
