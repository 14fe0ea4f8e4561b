//! The classic answers of a shop whose services fail: a stale answer, a default, a degraded answer,
//! a static answer, and the answer of another provider.
//!
//! `shop.rs` has one function for each kind: read it first. `dependency.rs` fails on demand. The
//! program prints each answer, compares it with the expected one, and exits with an error if they
//! differ.

mod dependency;
mod shop;

use std::process::ExitCode;

use dependency::Fault;
use shop::{Shop, ShopError};

/// Faults of the services, and the answers that the shop should give.
struct Chapter {
    title: &'static str,
    services: Fault,
    payment: Fault,
    other_payment: Fault,
    expected: [&'static str; 5],
}

#[tokio::main]
async fn main() -> ExitCode {
    let shop = Shop::default();
    let mut all_as_expected = true;
    for chapter in story() {
        println!("{}", chapter.title);
        shop.services.set(chapter.services);
        shop.payment.set(chapter.payment);
        shop.other_payment.set(chapter.other_payment);
        for ((kind, answer), expected) in ask(&shop).await.into_iter().zip(chapter.expected) {
            let as_expected = answer == expected;
            println!("  {kind:<22}{answer}");
            if !as_expected {
                println!("  BROKEN: expected      {expected}");
            }
            all_as_expected &= as_expected;
        }
    }
    if all_as_expected { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Asks for one answer of each kind.
async fn ask(shop: &Shop) -> [(&'static str, String); 5] {
    let said = |answer: Result<String, ShopError>| {
        answer.unwrap_or_else(|error| format!("failed: {error}"))
    };
    [
        ("stale cache", said(shop.price("tent").await)),
        ("default value", said(shop.shipping().await.map(|cents| format!("{cents} cents")))),
        ("degraded answer", said(shop.recommended("Ada").await)),
        ("static response", said(shop.page().await)),
        ("alternative provider", said(shop.pay(1250).await)),
    ]
}

fn story() -> [Chapter; 4] {
    [
        Chapter {
            title: "all is well",
            services: Fault::None,
            payment: Fault::None,
            other_payment: Fault::None,
            expected: [
                "1250 cents",
                "490 cents",
                "for Ada: stove, lamp",
                "welcome, and see what is new",
                "1250 cents by card",
            ],
        },
        Chapter {
            title: "the services refuse",
            services: Fault::Refuses,
            payment: Fault::Refuses,
            other_payment: Fault::None,
            expected: [
                "1250 cents when last seen",
                "0 cents",
                "others looked at: tent",
                "we will be back soon (refused)",
                "1250 cents by the other provider",
            ],
        },
        Chapter {
            title: "the services hang, the other provider refuses",
            services: Fault::Hangs,
            payment: Fault::Hangs,
            other_payment: Fault::Refuses,
            expected: [
                "1250 cents when last seen",
                "0 cents",
                "others looked at: tent",
                "we will be back soon (too slow)",
                "1250 cents on invoice",
            ],
        },
        Chapter {
            title: "all is well, except for a breaker that is still open",
            services: Fault::None,
            payment: Fault::None,
            other_payment: Fault::None,
            expected: [
                "1250 cents",
                "490 cents",
                "for Ada: stove, lamp",
                "we will be back soon (not called: it failed too often)",
                "1250 cents by card",
            ],
        },
    ]
}
