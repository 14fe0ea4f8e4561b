//! Imports, paths and types in tokens, whether or not a macro holds them.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use super::cfg::{is_cfg, is_test_only};
use super::model::{Import, TypeName, UsedPath};

/// Macros whose tokens are code of the crate that calls a macro of ours.
const TEMPLATES: [&str; 4] = ["quote", "quote_spanned", "parse_quote", "code"];
/// Keywords that the name of a type follows, wherever they are.
const TYPE_KEYWORDS: [&str; 4] = ["struct", "enum", "union", "trait"];

/// Everything found in the tokens of a module.
#[derive(Default)]
pub(crate) struct Scan {
    pub(crate) imports: Vec<Import>,
    pub(crate) paths: Vec<UsedPath>,
    pub(crate) calls: Vec<UsedPath>,
    pub(crate) types: Vec<TypeName>,
    pub(crate) identifiers: BTreeSet<String>,
    /// Counts `$crate::…` as `crate::…`. In a macro for other crates, it belongs to the caller.
    pub(crate) follow_dollar_crate: bool,
}

impl Scan {
    /// Adds what `tokens` contain. Parts under `#[cfg(test)]` are left out.
    pub(crate) fn add(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        let mut conditional = false;
        while at < tokens.len() {
            at = match &tokens[at] {
                TokenTree::Group(group) => {
                    self.add(group.stream());
                    at + 1
                }
                TokenTree::Punct(mark) if mark.as_char() == '#' => {
                    let Some(attribute) = attribute_at(&tokens, at) else {
                        at += 1;
                        continue;
                    };
                    if is_test_only(attribute.clone()) {
                        after_annotated(&tokens, at)
                    } else {
                        conditional |= is_cfg(attribute);
                        at + 1
                    }
                }
                TokenTree::Ident(word) if word == "use" && !is_punct(tokens.get(at + 1), '<') => {
                    self.import(&tokens, at)
                }
                TokenTree::Ident(word) => {
                    let named =
                        tokens.get(at + 1).filter(|_| TYPE_KEYWORDS.iter().any(|it| word == it));
                    if let Some(TokenTree::Ident(name)) = named {
                        self.types.push(TypeName::new(name, conditional));
                        conditional = false;
                    }
                    self.path(&tokens, at)
                }
                _ => at + 1,
            };
        }
    }

    /// Reads the path that begins at `start`, and returns the place after it.
    fn path(&mut self, tokens: &[TokenTree], start: usize) -> usize {
        let (segments, mut end) = path_at(tokens, start);
        let last = segments.last().map_or("", String::as_str);
        let is_call = is_punct(tokens.get(end), '!')
            && matches!(tokens.get(end + 1), Some(TokenTree::Group(_)));
        if is_call && TEMPLATES.contains(&last) {
            end += 2;
        }
        let before = start.checked_sub(1).and_then(|before| tokens.get(before));
        let is_tail = is_punct(before, ':') && start > 1 && is_punct(tokens.get(start - 2), ':');
        let is_parameter =
            is_punct(before, '$') && !(self.follow_dollar_crate && segments[0] == "crate");
        if is_tail || is_parameter || is_punct(before, '.') {
            return end;
        }
        self.identifiers.insert(segments[0].clone());
        let used = UsedPath { segments, line: line(&tokens[start]) };
        if used.segments.len() > 1 {
            self.paths.push(used);
        } else if is_call {
            self.calls.push(used);
        }
        end
    }

    /// Reads the `use` at `start`, and returns the place after its `;`.
    fn import(&mut self, tokens: &[TokenTree], start: usize) -> usize {
        let is_end = |token: &TokenTree| is_punct(Some(token), ';');
        let end =
            tokens[start..].iter().position(is_end).map_or(tokens.len(), |length| start + length);
        let exported = match start.checked_sub(1).map(|before| &tokens[before]) {
            Some(TokenTree::Ident(word)) => word == "pub",
            Some(TokenTree::Group(group)) => {
                group.delimiter() == Delimiter::Parenthesis
                    && start > 1
                    && matches!(&tokens[start - 2], TokenTree::Ident(word) if word == "pub")
            }
            _ => false,
        };
        self.use_tree(&tokens[start + 1..end], &[], exported);
        end + 1
    }

    /// Adds each name of `a::{b, c::d as e, self, *}`, which follows `prefix`.
    fn use_tree(&mut self, tokens: &[TokenTree], prefix: &[String], exported: bool) {
        // `::a` is of another crate, `$crate::a` of the caller of a macro.
        let is_foreign = is_punct(tokens.first(), ':') || is_punct(tokens.first(), '$');
        let Some(first) = tokens.first().filter(|_| !is_foreign) else { return };
        let (segments, end) = match first {
            TokenTree::Ident(_) => path_at(tokens, 0),
            _ => (Vec::new(), 0),
        };
        let mut path = [prefix, &segments].concat();
        // After the segments: nothing, `as name`, or `::` with a group or a glob behind it.
        let rest = if is_punct(tokens.get(end), ':') { &tokens[end + 2..] } else { &tokens[end..] };
        match rest {
            [TokenTree::Group(group), ..] => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                for part in inner.split(|token| is_punct(Some(token), ',')) {
                    self.use_tree(part, &path, exported);
                }
            }
            [star, ..] if is_punct(Some(star), '*') => {
                self.imports.push(Import { path, name: None, line: line(first), exported });
            }
            _ => {
                if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
                    path.pop();
                }
                let name = match rest {
                    [_as, TokenTree::Ident(name), ..] => Some(name.to_string()),
                    _ => path.last().cloned(),
                };
                self.imports.push(Import { path, name, line: line(first), exported });
            }
        }
    }
}

impl TypeName {
    pub(crate) fn new(name: &Ident, conditional: bool) -> Self {
        Self { name: name.to_string(), line: name.span().start().line, conditional }
    }
}

/// The segments of `a::b::c`, which begins at `start`, and the place after them.
fn path_at(tokens: &[TokenTree], start: usize) -> (Vec<String>, usize) {
    let mut segments = Vec::new();
    let mut at = start;
    while let Some(TokenTree::Ident(segment)) = tokens.get(at) {
        segments.push(segment.to_string());
        at += 1;
        let continues = is_punct(tokens.get(at), ':')
            && is_punct(tokens.get(at + 1), ':')
            && matches!(tokens.get(at + 2), Some(TokenTree::Ident(_)));
        if !continues {
            break;
        }
        at += 2;
    }
    (segments, at)
}

/// The content of the attribute whose `#` is at `at`.
pub(crate) fn attribute_at(tokens: &[TokenTree], at: usize) -> Option<TokenStream> {
    let brackets = if is_punct(tokens.get(at + 1), '!') { at + 2 } else { at + 1 };
    match tokens.get(brackets) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
            Some(group.stream())
        }
        _ => None,
    }
}

/// The place after what the attribute at `at` is on: an item, a statement, a field or a variant.
fn after_annotated(tokens: &[TokenTree], at: usize) -> usize {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => is_punct(Some(token), ';') || is_punct(Some(token), ','),
    };
    tokens[at..].iter().position(is_end).map_or(tokens.len(), |length| at + length + 1)
}

fn is_punct(token: Option<&TokenTree>, mark: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == mark)
}

fn line(token: &TokenTree) -> usize {
    token.span().start().line
}

#[cfg(test)]
mod tests {
    use super::Scan;

    fn scan(text: &str) -> Scan {
        let mut found = Scan::default();
        found.add(text.parse().expect("tokens"));
        found
    }

    fn imports(text: &str) -> Vec<String> {
        let shown = |import: &super::Import| {
            let name = import.name.as_deref().unwrap_or("*");
            format!(
                "{}{} as {name}",
                if import.exported { "pub " } else { "" },
                import.path.join("::")
            )
        };
        scan(text).imports.iter().map(shown).collect()
    }

    fn paths(text: &str) -> Vec<String> {
        scan(text).paths.iter().map(|path| path.segments.join("::")).collect()
    }

    #[test]
    fn each_name_of_a_use_is_an_import() {
        assert_eq!(
            imports("pub(crate) use a::{self, b::c as d, e::*}; use super::F;"),
            ["pub a as a", "pub a::b::c as d", "pub a::e as *", "super::F as F"]
        );
        assert_eq!(imports("fn f() { use crate::a::b; }"), ["crate::a::b as b"]);
        assert!(imports("fn f() -> impl Sized + use<'_> {} use ::std::fmt;").is_empty());
    }

    #[test]
    fn paths_are_found_in_macros_too() {
        assert_eq!(paths("assert!(crate::a::b(1) == x.c::<u8>())"), ["crate::a::b"]);
        assert!(paths("<A as B>::C::D; ::std::fmt; $crate::a::b").is_empty());
        assert_eq!(paths("quote::quote! { crate::a::b }"), ["quote::quote"]);
    }

    #[test]
    fn parts_for_tests_are_left_out() {
        let text =
            "#[cfg(test)] #[must_use] fn f() { a::b() } struct A { #[cfg(test)] x: c::d, y: e::f }";
        assert_eq!(paths(text), ["e::f"]);
    }

    #[test]
    fn types_are_found_in_functions_and_macro_calls() {
        let found = scan(
            "pin! { struct A {} } fn f() { enum B {} } macro_rules! m { () => { struct $c; } }",
        );
        let names: Vec<&str> = found.types.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, ["A", "B"]);
    }
}
