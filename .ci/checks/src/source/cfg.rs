//! Conditions that only tests satisfy.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Returns true for the content of a `cfg` attribute that only tests or doctests satisfy.
pub(crate) fn is_test_only(attribute: TokenStream) -> bool {
    let mut tokens = attribute.into_iter();
    let is_cfg = matches!(tokens.next(), Some(TokenTree::Ident(name)) if name == "cfg");
    match tokens.next() {
        Some(TokenTree::Group(condition)) if is_cfg => needs_test(condition.stream()),
        _ => false,
    }
}

/// Returns true for the content of a `cfg` attribute.
pub(crate) fn is_cfg(attribute: TokenStream) -> bool {
    matches!(attribute.into_iter().next(), Some(TokenTree::Ident(name)) if name == "cfg")
}

fn needs_test(condition: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = condition.into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Ident(name)] => name == "test" || name == "doctest",
        [TokenTree::Ident(name), TokenTree::Group(list)]
            if list.delimiter() == Delimiter::Parenthesis =>
        {
            let mut parts = split(list.stream()).into_iter();
            match name.to_string().as_str() {
                "all" => parts.any(needs_test),
                "any" => parts.all(needs_test),
                _ => false,
            }
        }
        _ => false,
    }
}

fn split(list: TokenStream) -> Vec<TokenStream> {
    let is_comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',');
    let tokens: Vec<TokenTree> = list.into_iter().collect();
    tokens
        .split(is_comma)
        .filter(|part| !part.is_empty())
        .map(|part| part.iter().cloned().collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::is_test_only;

    #[test]
    fn conditions_that_only_tests_satisfy_are_found() {
        let test_only = |text: &str| is_test_only(text.parse().expect("tokens"));
        assert!(test_only("cfg(test)"));
        assert!(test_only("cfg(all(test, feature = \"toml\"))"));
        assert!(test_only("cfg(any(test, doctest))"));
        assert!(!test_only("cfg(not(test))"));
        assert!(!test_only("cfg(any(test, feature = \"toml\"))"));
        assert!(!test_only("doc(hidden)"));
    }
}
