//! Crates outside of this workspace, built as a user builds them: the attributes need only the one
//! dependency line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name).join("Cargo.toml")
}

/// Builds a fixture. Not `--offline`: on a new machine the lock file of the fixture does not exist
/// yet.
fn build(name: &str) {
    let (is_built, messages) = try_to_build(name);
    assert!(is_built, "{name}:\n{messages}");
}

/// Returns whether the fixture compiles, and what the compiler says.
fn try_to_build(name: &str) -> (bool, String) {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--manifest-path"])
        .arg(fixture(name))
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures"))
        .output()
        .expect("cargo runs");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Each call of a method whose feature is off is one error, which names the feature.
#[test]
fn a_method_of_a_feature_that_is_off_says_which() {
    let (is_built, messages) = try_to_build("without-features");
    assert!(!is_built, "all features are off");
    let errors: Vec<&str> = messages.lines().filter(|line| line.starts_with("error[")).collect();
    let error = |feature| {
        format!("error[E0277]: this is a method of the feature `{feature}`, which is off")
    };
    let [toml, metrics] = ["toml", "metrics"].map(error);
    assert_eq!(errors, [&toml, &toml, &toml, &toml, &metrics], "{messages}");
    assert!(messages.contains("add `features = [\"toml\"]`"), "{messages}");
}

/// Returns the lines of `[dependencies]`, and whether there is another table of dependencies.
fn dependencies(name: &str) -> (Vec<String>, bool) {
    let manifest = fs::read_to_string(fixture(name)).expect("the fixture has a manifest");
    let mut tables = manifest.split("\n[");
    let is_dependency = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let lines = tables.clone().find_map(|table| table.strip_prefix("dependencies]")).map(|table| {
        table.lines().map(str::trim).filter(is_dependency).map(String::from).collect()
    });
    let others = tables.any(|table| {
        let name = table.split(']').next().unwrap_or_default();
        name != "dependencies" && name.contains("dependencies")
    });
    (lines.unwrap_or_default(), others)
}

#[test]
fn one_dependency_is_enough() {
    let (dependencies, others) = dependencies("one-dependency");
    assert_eq!(dependencies, [r#"resilience-runtime = { path = "../../../resilience-runtime" }"#]);
    assert!(!others, "no other table of dependencies");
    build("one-dependency");
}

#[test]
fn the_dependency_may_have_another_name() {
    build("renamed");
}

#[test]
fn editions_2018_and_2021_are_supported() {
    build("edition-2018");
    build("edition-2021");
}
