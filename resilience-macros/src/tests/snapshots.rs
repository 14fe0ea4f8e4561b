//! Expansions of the attributes as readable files: `tests/snapshots/*.rs`.
//!
//! In these files paths are shortened, the prefixes of generated names are removed, and so are
//! the attributes that silence lints.
//!
//! `SNAPSHOTS=overwrite cargo test -p resilience-macros` writes the files again.

use std::path::Path;
use std::{env, fs};

use proc_macro2::TokenStream;

use crate::attribute::AttributeKind;
use crate::driver;

/// The item, expanded by the first of its attributes as rustc would.
fn expanded(written: &str) -> String {
    let item: syn::ItemFn = syn::parse_str(written).expect("a function is written here");
    let mut below = item;
    let first = below.attrs.remove(0);
    let kind = AttributeKind::of(first.path(), None).expect("the first attribute is one of ours");
    let arguments = match first.meta {
        syn::Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    };
    let tokens = driver::expand(kind, arguments, &quote::quote!(#below));
    let file = syn::parse_str(&readable(&tokens)).expect("an expansion is an item");
    prettyplease::unparse(&file)
}

/// Shortens paths and generated names.
fn readable(tokens: &TokenStream) -> String {
    let mut text = tokens.to_string();
    while let Some((before, rest)) = text.split_once("# [allow (") {
        let (_, after) = rest.split_once(")]").expect("it has an end");
        text = format!("{before}{after}");
    }
    [
        (":: core :: result :: Result :: Ok", "Ok"),
        (":: core :: result :: Result :: Err", "Err"),
        (":: core :: option :: Option :: Some", "Some"),
        (":: core :: option :: Option :: None", "None"),
        (":: core :: result ::", ""),
        (":: core :: pin :: pin !", "pin"),
        (":: core ::", ""),
        (":: resilience :: __private ::", ""),
        (":: resilience ::", "resilience ::"),
        ("'__resilience_body", "'body"),
        ("__RESILIENCE_FUNCTION", "FUNCTION"),
        ("__resilience_policy", "policy"),
        ("__resilience", "policy"),
        ("__", ""),
    ]
    .into_iter()
    .fold(text, |text, (long, short)| text.replace(long, short))
}

/// Compares the expansion with the file, which starts with what the user wrote.
fn check(name: &str, attributes: &[&str]) {
    let function =
        "async fn charge(order: &Order) -> Result<Receipt, ApiError> {\n    send(order).await\n}\n";
    let written = format!("{}\n{function}", attributes.join("\n"));
    let commented: Vec<String> = written.lines().map(|line| format!("// {line}\n")).collect();
    let now = format!("{}\n{}", commented.concat(), expanded(&written));
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/snapshots")
        .join(name)
        .with_extension("rs");
    if env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        fs::write(&path, &now).expect("the directory is there");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == now,
        "{name} no longer expands to {}; SNAPSHOTS=overwrite would write\n{now}",
        path.display()
    );
}

#[test]
fn timeout() {
    check("timeout", &["#[timeout(800ms)]"]);
}

#[test]
fn retry() {
    check("retry", &["#[retry(max_attempts = 3, base_delay = 100ms)]"]);
}

#[test]
fn circuit_breaker() {
    check("circuit_breaker", &["#[circuit_breaker(PAYMENT)]"]);
}

#[test]
fn bulkhead() {
    check("bulkhead", &["#[bulkhead(max_concurrent = 5)]"]);
}

#[test]
fn fallback() {
    check("fallback", &["#[fallback(queue_for_later)]"]);
}

#[test]
fn resilient() {
    check("resilient", &["#[resilient(PAYMENT, value = Receipt::none())]"]);
}

#[test]
fn full_stack() {
    check(
        "full_stack",
        &[
            "#[fallback(queue_for_later)]",
            "#[bulkhead(PAYMENT_POOL)]",
            "#[circuit_breaker(PAYMENT)]",
            "#[retry(max_attempts = 3, base_delay = 100ms, max_delay = 2s)]",
            "#[timeout(800ms)]",
        ],
    );
}

#[test]
fn wrong_argument() {
    check("wrong_argument", &["#[retry(max_atempts = 3, when = is_busy)]", "#[timeout(800ms)]"]);
}

#[test]
fn the_documentation_quotes_what_a_retry_expands_to() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR"));
    let quoted = fs::read_to_string(sources.join("../resilience-runtime/docs/expansion.md"))
        .expect("it is there");
    let retry = fs::read_to_string(sources.join("tests/snapshots/retry.rs")).expect("it is there");
    assert!(
        quoted.contains(&retry),
        "copy tests/snapshots/retry.rs into docs/expansion.md as it is now"
    );
}
