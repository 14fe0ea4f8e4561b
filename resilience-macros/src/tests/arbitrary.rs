//! Arguments and functions for the property tests: words with a meaning here, in any order.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::attribute::AttributeKind;

/// Every key of every attribute, and words that are no keys.
fn keys() -> Vec<&'static str> {
    let keys = AttributeKind::ALL.into_iter().flat_map(AttributeKind::keys);
    keys.chain(["crate", "name", "clone", "max_atempts"]).collect()
}

const VALUES: &[&str] = &[
    "3",
    "0",
    "1",
    "-1",
    "3u64",
    "0x10",
    "4294967296",
    "99999999999999999999999",
    "2.0",
    "0.5",
    "1e999",
    "500ms",
    "0s",
    "1_000ms",
    "5m",
    "1e300h",
    "0.1ns",
    "500 ms",
    "\"500ms\"",
    "\"payment\"",
    "\"\"",
    "b\"x\"",
    "'c'",
    "c\"x\"",
    "true",
    "false",
    "none",
    "full",
    "equal",
    "decorrelated",
    "linear",
    "constant",
    "exponential",
    "allow",
    "ignore",
    "failure",
    "Duration::from_secs(5)",
    "Duration::ZERO",
    "std::time::Duration::from_millis(18446744073709551615)",
    "LIMIT * 2",
    "PAYMENT",
    "self.breaker",
    "<T as Trait>::POOL",
    "PER_HOST.get(host)",
    "|error| error.busy()",
    "|a, b| a",
    "|| 3",
    "async |e| e",
    "clone(order)",
    "clone()",
    "(2.0, 10min)",
    "(0.5, 0s)",
    "(1, 2, 3)",
    "{ let x = 3; x }",
    "r#match",
    "::renamed",
    "a::<b, c>()",
    "move |failure| async move { Ok(failure) }",
    "_",
    "..",
    "*x = 3",
    "if a { b } else { c }",
    "f!(x)",
    "$",
    "#",
    "",
];

const PARTS: [&[&str]; 9] = [
    &[
        "",
        "#[retry]",
        "#[timeout(1s)] #[doc = \"x\"]",
        "#[resilience::fallback(later)]",
        "#[bulkhead = 3]",
        "#[",
        "#![x]",
    ],
    &["", "pub", "pub(crate)", "default", "pub(in a::b) default"],
    &["", "async", "const", "unsafe extern \"C\"", "async unsafe", "safe"],
    &["fn", "fn", "fn", "struct", "static"],
    &["f", "r#fn", "f<'a, T: Tr<'a>, const N: usize>", "f<", "_"],
    &[
        "()",
        "(a: u32)",
        "(&self, (a, b): (u32, u32), mut c: T)",
        "(self: Pin<&mut Self>, #[x] _: [u8; 3])",
        "(mut self, a: ())",
        "(ref a @ Some(_): Option<u32>, ...)",
        "(",
        "(a, b)",
    ],
    &[
        "",
        "-> Result<u32, E>",
        "-> io::Result<impl Tr>",
        "-> impl Future<Output = R> + 'a",
        "-> Pin<Box<dyn Future<Output = R>>>",
        "-> BoxFuture<'async_trait, R>",
        "-> !",
        "-> ",
        "-> (u32,)",
        "-> &'a [u8]",
    ],
    &["", "where T: Sized", "where Self: 'async_trait,"],
    &[
        "{ Ok(1) }",
        "{}",
        ";",
        "{ #![allow(x)] client. }",
        "{ async move { Ok(1) } }",
        "{ Box::pin(async move { let __self = self; Ok(2) }) }",
        "{ let body = async { Ok(1) }; run(body) }",
        "{ if let Some(r) = None::<R> { return r; } let a = a; Ok(a) }",
        "= 3;",
        "{ fn inner() { __RESILIENCE_FUNCTION } }",
        "{ Box::pin(async move) }",
    ],
];

fn from_text(text: &'static str) -> TokenStream {
    // The lexer refuses unfinished tokens such as `(`: they count as no tokens.
    text.parse().unwrap_or_default()
}

fn word() -> impl Strategy<Value = TokenTree> {
    let ident = select(
        [
            keys(),
            vec![
                "async", "fn", "self", "Self", "match", "r#try", "_", "move", "Ok", "static",
                "where",
            ],
        ]
        .concat(),
    );
    prop_oneof![
        ident.prop_map(|word| match word.strip_prefix("r#") {
            Some(raw) => Ident::new_raw(raw, Span::call_site()).into(),
            None => Ident::new(word, Span::call_site()).into(),
        }),
        (select("=,:;.!&|<>-+*/'#?@$".chars().collect::<Vec<_>>()), any::<bool>()).prop_map(
            |(c, joint)| {
                Punct::new(c, if joint { Spacing::Joint } else { Spacing::Alone }).into()
            }
        ),
        any::<u64>().prop_map(|number| Literal::u64_unsuffixed(number).into()),
        ".{0,4}".prop_map(|text| Literal::string(&text).into()),
    ]
}

/// Arbitrary tokens.
fn tokens() -> impl Strategy<Value = TokenStream> {
    let tree = word().prop_recursive(3, 24, 6, |inside| {
        let delimiter = select(vec![
            Delimiter::Parenthesis,
            Delimiter::Brace,
            Delimiter::Bracket,
            Delimiter::None,
        ]);
        (delimiter, vec(inside, 0..6)).prop_map(|(delimiter, inside)| {
            Group::new(delimiter, inside.into_iter().collect()).into()
        })
    });
    vec(tree, 0..12).prop_map(|trees| trees.into_iter().collect())
}

/// One argument, valid or not.
fn argument() -> impl Strategy<Value = TokenStream> {
    let value = || prop_oneof![9 => select(VALUES).prop_map(from_text), 1 => tokens()];
    let equals = select(vec!["=", "=", "=", "=", ":", "==", "=>", ""]);
    let named = (select(keys()), equals, value()).prop_map(|(key, equals, value)| {
        [from_text(key), from_text(equals), value].into_iter().collect()
    });
    prop_oneof![6 => named, 3 => value()]
}

pub(crate) fn arguments() -> impl Strategy<Value = TokenStream> {
    let list =
        vec((argument(), select(vec![",", ",", ",", ",", "", ";"])), 0..5).prop_map(|list| {
            list.into_iter().flat_map(|(argument, comma)| [argument, from_text(comma)]).collect()
        });
    prop_oneof![9 => list, 1 => tokens()]
}

pub(crate) fn item() -> impl Strategy<Value = TokenStream> {
    let parts: Vec<_> = PARTS.iter().map(|part| select(*part)).collect();
    let function = parts.prop_map(|parts| parts.into_iter().map(from_text).collect());
    prop_oneof![9 => function, 1 => tokens()]
}

pub(crate) fn kind() -> impl Strategy<Value = AttributeKind> {
    select(AttributeKind::ALL.to_vec())
}
