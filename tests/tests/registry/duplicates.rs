//! Names that should be unique and are not.

use resilience::declared::{AnnotatedFunction, ItemKind};
use resilience::{
    Bulkhead, CircuitBreaker, Error, Keyed, Policy, RetryPolicy, bulkhead, circuit_breaker,
    registry, resilient, retry,
};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");
static ALSO_PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");
static PAYMENT_POLICY: Policy =
    Policy::new("orders").circuit_breaker(CircuitBreaker::new("payment"));
static POOL: Bulkhead = Bulkhead::new("payment");
static PER_MIRROR: Keyed<Bulkhead> = Keyed::new(Bulkhead::new("mirror"));
static MIRROR: Bulkhead = Bulkhead::new("mirror");
static STANDARD: RetryPolicy = RetryPolicy::new("shared by three");
resilience::register!(ALSO_PAYMENT, MIRROR);

#[circuit_breaker(PAYMENT)]
#[retry(STANDARD)]
async fn charge() -> Result<(), Error> {
    Ok(())
}

#[circuit_breaker(PAYMENT)]
#[retry(STANDARD)]
async fn refund() -> Result<(), Error> {
    Ok(())
}

#[resilient(PAYMENT_POLICY)]
async fn order() -> Result<(), Error> {
    Ok(())
}

#[bulkhead(POOL)]
#[bulkhead(PER_MIRROR.get(host))]
async fn fetch(host: &str) -> Result<usize, Error> {
    Ok(host.len())
}

struct Card;
struct Account;
struct Voucher;

impl Card {
    #[circuit_breaker]
    async fn pay(&self) -> Result<(), Error> {
        Ok(())
    }
}

impl Account {
    #[circuit_breaker]
    async fn pay(&self) -> Result<(), Error> {
        Ok(())
    }
}

impl Voucher {
    #[circuit_breaker(name = "registry::duplicates::Voucher::pay")]
    async fn pay(&self) -> Result<(), Error> {
        Ok(())
    }
}

#[circuit_breaker]
#[retry(STANDARD)]
#[circuit_breaker]
async fn twice() -> Result<(), Error> {
    Ok(())
}

/// Returns the path of this file and the line of the `nth` occurrence of `needle`.
fn position(needle: &str, nth: usize) -> String {
    let mut lines = include_str!("duplicates.rs").lines().enumerate();
    let (line, _) =
        lines.by_ref().filter(|(_, text)| text.contains(needle)).nth(nth).expect("it is here");
    format!("{}:{}", file!(), line + 1)
}

#[test]
fn two_policies_of_one_kind_or_two_functions_with_one_name_are_duplicates() {
    let duplicates = registry().duplicates();
    let found: Vec<_> = duplicates
        .iter()
        .map(|one| {
            (
                one.kind(),
                one.name(),
                one.functions().map(AnnotatedFunction::path).collect::<Vec<_>>(),
            )
        })
        .collect();
    let pay = "registry::duplicates::pay";
    assert_eq!(
        found,
        [
            // Their breakers have the same path as name, which is not reported again.
            (ItemKind::Function, pay, vec![pay, pay]),
            (
                ItemKind::CircuitBreaker,
                "payment",
                vec![
                    "registry::duplicates::charge",
                    "registry::duplicates::refund",
                    "registry::duplicates::order"
                ]
            ),
            (
                ItemKind::CircuitBreaker,
                "registry::duplicates::twice",
                vec!["registry::duplicates::twice", "registry::duplicates::twice"]
            ),
            (ItemKind::Bulkhead, "mirror", vec!["registry::duplicates::fetch"]),
        ]
    );
    // The functions are only listed and never called.
    let _ = (charge, refund, order, fetch, Card::pay, Account::pay, Voucher::pay, twice);
}

#[test]
fn the_check_reports_every_duplicate_with_its_lines_and_a_remedy() {
    let error = registry().check().expect_err("everything is wrong");
    assert_eq!(error.duplicates().len(), 4);
    let [charge, refund, order, fetch, twice] = ["charge", "refund", "order", "fetch", "twice"]
        .map(|name| position(&format!("async fn {name}("), 0));
    let [card, account] = [0, 1].map(|nth| position("async fn pay(&self)", nth));
    let listed = position("resilience::register!(", 0);
    let this = "registry::duplicates";
    let text = error.to_string();
    let duplicates = text.split("\ndeclarations without").next().unwrap_or_default();
    assert_eq!(
        duplicates,
        format!(
            "duplicate names:\n\
             - 2 functions have the name `{this}::pay`: {card} and {account}. Write \
             `name = \"…\"` with a unique name in an attribute of all but one\n\
             - 3 circuit breakers have the name `payment`: one of `{this}::charge` ({charge}) and \
             `{this}::refund` ({refund}), one of `{this}::order` ({order}) and one listed at \
             {listed}. Give each a unique name\n\
             - 2 circuit breakers have the name `{this}::twice`: one of `{this}::twice` ({twice}) \
             and one of `{this}::twice` ({twice}). Give each a unique name\n\
             - 2 bulkheads have the name `mirror`: one of `{this}::fetch` ({fetch}) and one listed \
             at {listed}. Give each a unique name"
        )
    );
}
