//! The lists of the registry, in their documented order. Nothing that this module declares is
//! called.

use std::time::Duration;

// The library is linked, and no item of it is named.
use billing as _;
use resilience::{
    AdaptiveTimeout, AnnotatedFunction, Bulkhead, CircuitBreaker, Error, Keyed, LayerKind, Policy,
    RetryBudget, RetryPolicy, circuit_breaker, fallback, registry, retry, timeout,
};
use resilience_tests::layers_of;

static PER_HOST: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("host"));
static BUDGET: RetryBudget = RetryBudget::new("inline");
static UNNAMED: Bulkhead = Bulkhead::new("unnamed");
resilience::list!(UNNAMED, PER_HOST);

struct Client {
    breaker: CircuitBreaker,
}

trait Limits {
    const LIMIT: Duration;
}

impl Client {
    #[fallback(value = 0)]
    #[circuit_breaker(self.breaker)]
    #[retry(budget = BUDGET)]
    #[timeout(800ms)]
    async fn own(&self) -> Result<u32, Error> {
        Ok(1)
    }

    #[circuit_breaker(PER_HOST.get(host))]
    #[timeout(limit)]
    async fn keyed(&self, host: &str, limit: Duration) -> Result<usize, Error> {
        Ok(host.len() + usize::from(self.breaker.name().is_empty()))
    }
}

struct Limited<T>(T);

impl<T: Limits> Limited<T> {
    #[timeout(T::LIMIT)]
    async fn by_type(self) -> Result<T, Error> {
        Ok(self.0)
    }
}

#[circuit_breaker]
async fn alone() -> Result<u32, Error> {
    Ok(1)
}

fn function(path: &str) -> &'static AnnotatedFunction {
    registry().function(path).unwrap_or_else(|| panic!("{path} is not listed"))
}

#[test]
fn functions_are_listed_with_their_layers_from_the_outside_in() {
    assert_eq!(
        layers_of("registry::listed::own"),
        ["fallback", "circuit_breaker", "retry", "timeout"]
    );
    assert_eq!(layers_of("registry::listed::keyed"), ["circuit_breaker(host)", "timeout"]);
    assert_eq!(layers_of("registry::listed::by_type"), ["timeout"]);
    assert_eq!(layers_of("registry::listed::alone"), ["circuit_breaker(registry::listed::alone)"]);
    let own = function("registry::listed::own");
    assert!(own.file().ends_with("listed.rs"), "{}", own.file());
    let source = include_str!("listed.rs")
        .lines()
        .nth(own.line() as usize - 1)
        .expect("a line of this file");
    assert!(source.contains("async fn own"), "{source}");
    // The functions are only listed and never called.
    let _ = (Client::own, Client::keyed, Limited::<Unlimited>::by_type, alone);
}

struct Unlimited;

impl Limits for Unlimited {
    const LIMIT: Duration = Duration::MAX;
}

#[test]
fn the_declarations_of_a_linked_crate_are_listed_even_if_nothing_of_it_is_used() {
    assert_eq!(
        layers_of("billing::charge"),
        [
            "bulkhead(tenant)",
            "bulkhead(ledger)",
            "circuit_breaker(ledger)",
            "retry(standard)",
            "timeout(ledger)"
        ]
    );
    assert_eq!(layers_of("billing::inside::send"), ["resilient(mail)"]);
    assert_eq!(layers_of("billing::generic"), ["timeout"]);
}

/// Returns the names that this module and `billing` declare.
fn declared_here<'a>(listed: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    const NAMES: [&str; 9] =
        ["billing", "host", "inline", "ledger", "mail", "shared", "standard", "tenant", "unnamed"];
    let is_declared_here = |name: &&str| NAMES.contains(name) || name.starts_with(module_path!());
    listed.filter(is_declared_here).collect()
}

#[test]
fn each_static_is_listed_once_however_often_it_is_named() {
    let registry = registry();
    let breakers = declared_here(registry.circuit_breakers().map(CircuitBreaker::name));
    assert_eq!(breakers, ["ledger", "mail", "registry::listed::alone", "shared"]);
    let bulkheads = declared_here(registry.bulkheads().map(Bulkhead::name));
    assert_eq!(bulkheads, ["ledger", "mail", "unnamed"]);
    let retries = declared_here(registry.retry_policies().map(RetryPolicy::name));
    assert_eq!(retries, ["standard", "mail", "registry::listed::own"]);
    assert_eq!(declared_here(registry.policies().map(Policy::name)), ["mail"]);
    assert_eq!(
        declared_here(registry.retry_budgets().map(RetryBudget::name)),
        ["billing", "inline"]
    );
    assert_eq!(declared_here(registry.adaptive_timeouts().map(AdaptiveTimeout::name)), ["ledger"]);
    assert!(std::ptr::eq(
        registry.circuit_breaker("shared").expect("listed"),
        &raw const billing::SHARED
    ));
}

#[test]
fn statics_and_functions_are_found_by_their_names() {
    let registry = registry();
    assert_eq!(registry.circuit_breaker("ledger").map(CircuitBreaker::name), Some("ledger"));
    assert_eq!(registry.bulkhead("unnamed").map(Bulkhead::name), Some("unnamed"));
    assert_eq!(registry.retry_budget("billing").map(RetryBudget::name), Some("billing"));
    assert!(registry.retry_policy("standard").is_some() && registry.policy("mail").is_some());
    assert!(registry.adaptive_timeout("ledger").is_some());
    assert!(registry.circuit_breaker("unnamed").is_none() && registry.function("charge").is_none());
}

#[test]
fn a_layer_shows_its_limit_unless_each_call_has_its_own() {
    let layer = |path, kind| {
        let mut layers = function(path).layers().iter();
        layers.find(|layer| layer.kind() == kind).expect("it has one")
    };
    let limit = |path| layer(path, LayerKind::Timeout).timeout();
    assert_eq!(limit("registry::listed::own"), Some(Duration::from_millis(800)));
    assert_eq!(limit("billing::generic"), Some(Duration::from_millis(700)));
    assert_eq!(limit("billing::charge"), Some(Duration::from_secs(5)));
    assert_eq!(limit("registry::listed::keyed"), None);
    assert_eq!(limit("registry::listed::by_type"), None);
    assert!(layer("billing::charge", LayerKind::Timeout).adaptive_timeout().is_some());
    assert!(layer("registry::listed::own", LayerKind::CircuitBreaker).circuit_breaker().is_none());
    assert!(layer("registry::listed::own", LayerKind::Retry).retry_policy().is_some());
    assert_eq!(layer("registry::listed::own", LayerKind::Fallback).name(), None);
    assert!(layer("billing::inside::send", LayerKind::Resilient).bulkhead().is_some());
}
