//! Policies and options that come with a value: of a client, or of a map.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use resilience::limits::LimitValue;
use resilience::{CircuitBreaker, Error, Policy, RetryPolicy, registry, resilient, retry, timeout};
use resilience_tests::{SECOND, layers_of, send};
use tokio::time::Instant;

#[derive(Debug, PartialEq)]
struct Down;

impl From<Error> for Down {
    fn from(_: Error) -> Self {
        Self
    }
}

const fn attempts(attempts: u32) -> RetryPolicy {
    RetryPolicy::new("of a value").max_attempts(attempts).base_delay(Duration::ZERO)
}

struct Client {
    retry: RetryPolicy,
    shared: Arc<RetryPolicy>,
    policy: Policy,
    calls: AtomicU32,
}

impl Client {
    fn new() -> Self {
        Self {
            retry: attempts(4),
            shared: Arc::new(attempts(5)),
            policy: Policy::new("of a value")
                .retry(attempts(2))
                .circuit_breaker(CircuitBreaker::new("of a value").failure_threshold(3)),
            calls: AtomicU32::new(0),
        }
    }

    fn fail(&self) -> Result<(), Down> {
        self.calls.fetch_add(1, Relaxed);
        Err(Down)
    }

    fn calls(&self) -> u32 {
        self.calls.swap(0, Relaxed)
    }

    fn retry(&self) -> &RetryPolicy {
        &self.retry
    }

    #[retry(self.retry)]
    async fn by_field(&self) -> Result<(), Down> {
        self.fail()
    }

    #[timeout(5s)]
    #[retry(self.shared)]
    #[timeout(1s)]
    async fn by_arc(&self) -> Result<(), Down> {
        self.fail()
    }

    #[retry(self.retry(), when = |error| *error == Down)]
    async fn by_method(self: Arc<Self>) -> Result<(), Down> {
        self.fail()
    }

    #[resilient(self.policy)]
    async fn combined(&self) -> Result<(), Down> {
        self.fail()
    }

    #[resilient(self.policy, value = ())]
    #[timeout(1s)]
    async fn combined_with_value(&self) -> Result<(), Down> {
        self.fail()
    }
}

#[retry(policy)]
async fn by_argument(policy: &RetryPolicy, client: &Client) -> Result<(), Down> {
    client.fail()
}

#[tokio::test(start_paused = true)]
async fn a_retry_policy_may_belong_to_a_value() {
    let client = Arc::new(Client::new());
    assert_eq!(send(client.by_field()).await, Err(Down));
    assert_eq!(client.calls(), 4, "a field");
    assert_eq!(send(client.by_arc()).await, Err(Down));
    assert_eq!(client.calls(), 5, "a field that is an Arc");
    assert_eq!(send(Arc::clone(&client).by_method()).await, Err(Down));
    assert_eq!(client.calls(), 4, "a method");
    assert_eq!(send(by_argument(&attempts(2), &client)).await, Err(Down));
    assert_eq!(client.calls(), 2, "an argument");
}

#[tokio::test(start_paused = true)]
async fn a_combined_policy_may_belong_to_a_value() {
    let (client, other) = (Client::new(), Client::new());
    assert_eq!(send(client.combined()).await, Err(Down));
    assert_eq!(client.calls(), 2, "the attempts of the policy's retry");
    for _ in 0..3 {
        assert_eq!(send(client.combined()).await, Err(Down));
    }
    assert_eq!(client.calls(), 4, "the third call has opened the breaker");
    assert_eq!(send(client.combined_with_value()).await, Ok(()));
    assert_eq!(client.calls(), 0, "it is the same breaker");
    assert_eq!(send(other.combined()).await, Err(Down));
    assert_eq!(other.calls(), 2, "another client has a breaker of its own");
}

static PER_TENANT: LazyLock<HashMap<&str, Policy>> = LazyLock::new(|| {
    let of = |count| Policy::new("of a tenant").retry(attempts(count));
    HashMap::from([("small", of(2)), ("large", of(3))])
});

#[resilient(PER_TENANT[tenant])]
async fn by_tenant(tenant: &str, client: &Client) -> Result<(), Down> {
    client.fail()
}

struct Tenants(HashMap<&'static str, Arc<Policy>>);

static TENANTS: LazyLock<Tenants> = LazyLock::new(|| {
    Tenants(HashMap::from([("large", Arc::new(Policy::new("of a tenant").retry(attempts(3))))]))
});

impl Tenants {
    fn get(&self, tenant: &str) -> Arc<Policy> {
        self.0.get(tenant).map_or_else(|| Arc::new(Policy::new("of no tenant")), Arc::clone)
    }
}

#[resilient(TENANTS.get(&tenant))]
async fn by_lookup(tenant: String, client: &Client) -> Result<(), Down> {
    assert!(!tenant.is_empty());
    client.fail()
}

#[tokio::test(start_paused = true)]
async fn a_combined_policy_may_be_looked_up() {
    let client = Client::new();
    for (tenant, expected) in [("small", 2), ("large", 3)] {
        assert_eq!(send(by_tenant(tenant, &client)).await, Err(Down));
        assert_eq!(client.calls(), expected, "{tenant}");
    }
    for (tenant, expected) in [("large", 3), ("unknown", 1)] {
        assert_eq!(send(by_lookup(tenant.to_owned(), &client)).await, Err(Down));
        assert_eq!(client.calls(), expected, "{tenant}");
    }
}

struct Config {
    attempts: u32,
    factor: f64,
    pause: Duration,
}

#[retry(
    max_attempts = config.attempts,
    factor = config.factor,
    base_delay = config.pause,
    jitter = none
)]
async fn configured(config: &Config, client: &Client) -> Result<(), Down> {
    client.fail()
}

#[tokio::test(start_paused = true)]
async fn numbers_may_be_computed_for_each_call() {
    let client = Client::new();
    for (attempts, expected) in [(3, 3), (1, 1), (0, 1)] {
        let config = Config { attempts, factor: 2.0, pause: SECOND };
        let began = Instant::now();
        assert_eq!(send(configured(&config, &client)).await, Err(Down));
        assert_eq!(client.calls(), expected, "max_attempts = {attempts}");
        let slept = if attempts == 3 { 3 * SECOND } else { Duration::ZERO };
        assert_eq!(began.elapsed(), slept, "max_attempts = {attempts}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_factor_that_can_not_work_is_one() {
    let client = Client::new();
    for factor in [0.0, -3.0, f64::NAN, f64::NEG_INFINITY, 1.0] {
        let config = Config { attempts: 3, factor, pause: SECOND };
        let began = Instant::now();
        assert_eq!(send(configured(&config, &client)).await, Err(Down));
        assert_eq!(began.elapsed(), 2 * SECOND, "factor = {factor}");
    }
    let config = Config { attempts: 3, factor: f64::INFINITY, pause: SECOND };
    let began = Instant::now();
    assert_eq!(send(configured(&config, &client)).await, Err(Down));
    assert_eq!(began.elapsed(), 61 * SECOND, "an endless factor ends at `max_delay`");
}

#[test]
fn the_registry_shows_that_they_are_computed() {
    assert_eq!(layers_of("stack::of_values::by_field"), ["retry"]);
    assert_eq!(layers_of("stack::of_values::combined"), ["resilient"]);
    assert_eq!(layers_of("stack::of_values::by_lookup"), ["resilient"]);
    let configured = registry().functions().find(|it| it.path().ends_with("of_values::configured"));
    let limits = configured.and_then(|it| it.layers()[0].limits()).expect("it has limits");
    for name in ["max_attempts", "factor", "base_delay"] {
        let limit = limits.iter().find(|limit| limit.name() == name).expect("it is listed");
        assert!(matches!(limit.value(), LimitValue::Computed), "{name}");
    }
    let report = registry().report().to_string();
    assert!(report.contains("attempts computed for each call"), "{report}");
    let by_field = report.lines().find(|line| line.contains("by_field")).expect("it is listed");
    assert!(by_field.contains("computed for each call"), "{by_field}");
}
