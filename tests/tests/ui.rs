//! What the compiler says to each mistake: `ui/*.rs` and, beside it, the message.

use std::fs;

#[test]
fn each_mistake_has_its_message() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

/// A message is about what the user wrote, in words the user has seen.
#[test]
fn no_message_speaks_of_what_the_attributes_expand_to() {
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
    let messages = fs::read_dir("tests/ui").expect("the directory is beside this file");
    for message in messages.filter_map(Result::ok).map(|entry| entry.path()) {
        if message.extension().is_some_and(|extension| extension == "stderr") {
            let text = fs::read_to_string(&message).expect("the message is text");
            for internal in INTERNALS {
                assert!(!text.contains(internal), "{} mentions `{internal}`", message.display());
            }
        }
    }
}
