//! The list of keys in `attribute.rs` against what the attributes read.

use super::mutilated::tokens;
use crate::attribute::{AttributeKind, COMMON_KEYS};
use crate::driver;

/// The expansion of an attribute with this argument alone.
fn expanded(attribute: AttributeKind, key: &str) -> String {
    let function = tokens("async fn charge() -> Result<(), Error> { Ok(()) }");
    driver::expand(attribute, tokens(&format!("{key} = X")), &function).to_string()
}

#[test]
fn each_listed_key_is_read() {
    for attribute in AttributeKind::ALL {
        for key in COMMON_KEYS.into_iter().chain(attribute.keys()) {
            let expanded = expanded(attribute, key);
            assert!(!expanded.contains("has no argument"), "{attribute:?} {key}: {expanded}");
        }
    }
}

#[test]
fn other_keys_are_refused() {
    let keys = || AttributeKind::ALL.into_iter().flat_map(AttributeKind::keys);
    for attribute in AttributeKind::ALL {
        for key in keys().filter(|key| !attribute.takes(key)) {
            let expanded = expanded(attribute, key);
            assert!(expanded.contains("has no argument"), "{attribute:?} {key}: {expanded}");
        }
    }
}
