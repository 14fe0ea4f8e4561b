//! Compile errors: `ui/<attribute>/*.rs` and, beside each file, the expected message.

use std::fs;
use std::path::{Path, PathBuf};

fn entries(directory: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(directory).expect("the directory is beside this one");
    entries.map(|entry| entry.expect("the directory can be read").path())
}

fn messages() -> Vec<PathBuf> {
    let folders = entries(Path::new("tests/ui"));
    let is_message =
        |file: &PathBuf| file.extension().is_some_and(|extension| extension == "stderr");
    folders.flat_map(|folder| entries(&folder).filter(is_message).collect::<Vec<_>>()).collect()
}

#[test]
fn each_mistake_has_the_expected_message() {
    trybuild::TestCases::new().compile_fail("tests/ui/*/*.rs");
}

/// A message describes what the user wrote, in words that the user knows.
#[test]
fn no_message_mentions_what_the_attributes_expand_to() {
    const INTERNALS: [&str; 8] = [
        "__private",
        "__result",
        "resilience_class",
        "resilience::context",
        "inventory",
        "Probe",
        "resilience-runtime/src/private",
        "resilience-macros",
    ];
    let messages = messages();
    assert!(!messages.is_empty(), "the messages are beside the mistakes");
    for message in messages {
        let text = fs::read_to_string(&message).expect("the message is text");
        for internal in INTERNALS {
            assert!(!text.contains(internal), "{} mentions `{internal}`", message.display());
        }
    }
}
