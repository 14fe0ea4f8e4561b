//! Parts of messages: suggestions, and the user's own tokens.

use quote::ToTokens;
use resilience_options::text::{list, near_miss};

/// Tokens as a user writes them: rustc prints spaces between tokens.
pub(crate) fn source_text(tokens: impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    text.replace(" :: ", "::").replace(" . ", ".").replace("& ", "&")
}

/// "did you mean `b`?" if a known key differs by two letters at most, since a key with another
/// meaning may well resemble one, else the list of all known keys.
pub(crate) fn suggestion(found: &str, known: &[&str]) -> String {
    let misspelt = near_miss(found, known).map(|name| format!("did you mean `{name}`?"));
    misspelt.unwrap_or_else(|| match known {
        [only] => format!("its only argument is `{only}`"),
        _ => format!("its arguments are {}", list(known)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_keys_are_listed_if_none_is_near() {
        let known = ["max_attempts", "base_delay", "max_delay"];
        assert_eq!(suggestion("max_atempts", &known), "did you mean `max_attempts`?");
        let all = "its arguments are `max_attempts`, `base_delay` and `max_delay`";
        assert_eq!(suggestion("colour", &known), all);
        assert_eq!(suggestion("colour", &known[..1]), "its only argument is `max_attempts`");
    }
}
