//! Tokens of any kind: the macros never panic, and a function stays a function.

use proc_macro2::TokenStream;
use proptest::prelude::*;
use quote::ToTokens;

use super::arbitrary;
use super::mutilated::{mutilated, tokens};
use crate::attribute::AttributeKind;
use crate::input::Function;
use crate::syntax::mentions;
use crate::{classify, driver};

const ARGUMENTS: [&str; 7] = [
    "",
    "max_attempts = 3, base_delay = 100ms, max_delay = 2s, clone(order), \
     when = |error| error.busy()",
    "1.5s, crate = ::renamed, name = \"other\"",
    "PAYMENT, when_ok = is_empty",
    "failure_threshold = 5, open_for = LIMIT * 2, max_concurrent = 3",
    "later, |failure| async { Ok(3) }, value = -1e999h",
    "\"r#a-b\", max_attempts = 99999999999999999999, 0m, jitter = r#none",
];

const ITEMS: [&str; 6] = [
    "#[retry(max_attempts = 3)] #[timeout(1s)] pub async fn charge(&self, (a, b): (u32, u32)) \
     -> Result<u32, E> { #![allow(x)] Ok(self.a) }",
    "#[resilience::fallback(value = self.x)] fn r#fn<'async_trait>(&self) \
     -> Pin<Box<dyn Future<Output = R> + 'async_trait>> { Box::pin(async move { \
     if let Some(r) = None::<R> { return r; } let r#loop = self; let a = a; \
     let _: R = { Ok(r#loop.x) }; _ }) }",
    "fn f() -> impl Future<Output = io::Result<()>> { let a = 1; async move { Ok(()) } }",
    "#[bulkhead(self.pool)] fn f() -> BoxFuture<'_, R> { let body = async { Ok(1) }; run(body) }",
    "struct Order { id: u32 }",
    "async fn declared();",
];

const TYPES: [&str; 5] = [
    "#[classify(permanent, crate = ::renamed)] pub enum ApiError<'a, T: Debug = u8> where T: 'a { \
     #[classify(transient, retry_after = wait)] Busy { wait: Duration }, \
     #[classify(transient, retry_after = 1)] Later(u8, Option<Duration>), \
     #[classify(delegate)] Inner(&'a T), #[classify(with = Self::by_status)] Status(u16, T) = 3, \
     #[classify(ignored)] r#None, Down }",
    "#[classify(transient, retry_after = r#type)] struct Busy { r#type: Duration }",
    "#[classify(with = of)] struct Unit;",
    "union Bits { #[classify(transient)] a: u8 }",
    "#[classify(delegate = 3, retry_after(wait), 0, with = \"f\", crate = 1s, permanent)] \
     enum Never {}",
];

#[test]
fn no_tokens_make_an_attribute_panic() {
    let arguments: Vec<_> = ARGUMENTS.iter().flat_map(|text| mutilated(&tokens(text))).collect();
    let items: Vec<_> = ITEMS.iter().flat_map(|text| mutilated(&tokens(text))).collect();
    for kind in AttributeKind::ALL {
        for arguments in &arguments {
            for item in ITEMS {
                driver::expand(kind, arguments.clone(), &tokens(item));
            }
        }
        for item in &items {
            driver::expand(kind, tokens(ARGUMENTS[1]), item);
            driver::expand(kind, TokenStream::new(), item);
        }
    }
}

#[test]
fn no_tokens_make_the_derive_panic() {
    for item in TYPES {
        let mutilated = mutilated(&tokens(item));
        assert!(mutilated.len() > 5);
        for item in mutilated {
            classify::derive(item);
        }
    }
}

/// The signature, if the item is a function.
fn signature(item: &TokenStream) -> Option<String> {
    let function = syn::parse2::<Function>(item.clone()).ok()?;
    Some(function.signature.into_token_stream().to_string())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4096,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Whatever is written, a function keeps its signature, and any other item gets an error.
    #[test]
    fn whatever_is_written_the_function_stays(
        kind in arbitrary::kind(),
        arguments in arbitrary::arguments(),
        item in arbitrary::item(),
    ) {
        let expanded = driver::expand(kind, arguments, &item);
        match signature(&item) {
            Some(before) => {
                prop_assert_eq!(signature(&expanded), Some(before), "{}\n{}", item, expanded);
            }
            None => prop_assert!(mentions(expanded, "compile_error"), "{item}"),
        }
    }
}
