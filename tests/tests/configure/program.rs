//! The program that these tests configure.

use std::time::Duration;

use resilience::{
    AdaptiveTimeout, Bulkhead, CircuitBreaker, Keyed, Policy, RetryBudget, RetryPolicy, bulkhead,
    circuit_breaker, resilient, retry, timeout,
};
use tokio::time::sleep;

pub(crate) type Outcome = Result<(), resilience::Error>;

pub(crate) static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment").failure_threshold(5);
pub(crate) static STOCK: CircuitBreaker =
    CircuitBreaker::new("stock").window_calls(10).failure_rate(0.5);
/// A breaker with every criterion, each with a limit that is soon reached.
pub(crate) static EVERY: CircuitBreaker = CircuitBreaker::new("every")
    .consecutive_failures(1)
    .failure_threshold(1)
    .failure_rate(0.01)
    .slow_call(Duration::from_millis(1))
    .slow_call_rate(0.01)
    .minimum_calls(1);
resilience::register!(EVERY);
pub(crate) static POOL: Bulkhead =
    Bulkhead::new("payment").max_concurrent(2).max_wait(Duration::ZERO);
pub(crate) static STANDARD: RetryPolicy =
    RetryPolicy::new("standard").max_attempts(2).base_delay(Duration::ZERO);
pub(crate) static MAIL: Policy =
    Policy::important("mail").bulkhead(Bulkhead::new("mail").max_concurrent(3));
pub(crate) static PER_HOST: Keyed<CircuitBreaker> =
    Keyed::new(CircuitBreaker::new("host").failure_threshold(4));
pub(crate) static PER_TENANT: Keyed<Bulkhead> =
    Keyed::new(Bulkhead::new("tenant").max_concurrent(6));
pub(crate) static UNNAMED: Bulkhead = Bulkhead::new("unnamed").max_concurrent(8);
resilience::register!(UNNAMED, PER_TENANT);
pub(crate) static BUDGET: RetryBudget = RetryBudget::new("retries").ratio(0.0).min_per_sec(0);
pub(crate) static LATENCY: AdaptiveTimeout =
    AdaptiveTimeout::new("latency").max(Duration::from_secs(4));
pub(crate) static POINTED: RetryPolicy = RetryPolicy::new("a.b");
resilience::register!(POINTED);
pub(crate) static STRANGE: Bulkhead = Bulkhead::new("a \"strange\"\nname\\");

/// A function with shared policies only.
#[bulkhead(POOL)]
#[circuit_breaker(PAYMENT)]
#[retry(STANDARD)]
#[timeout(800ms, name = "shop::charge")]
pub(crate) async fn charge(takes: Duration) -> Outcome {
    sleep(takes).await;
    Ok(())
}

/// A function with its own policies only.
#[timeout(5s, name = "shop::own")]
#[bulkhead(max_concurrent = 4, max_wait = 0s)]
#[circuit_breaker(failure_threshold = 7)]
#[retry(max_attempts = 3, base_delay = 10ms, jitter = none)]
#[timeout(1s)]
pub(crate) async fn own(takes: Duration) -> Outcome {
    sleep(takes).await;
    Ok(())
}

/// A function with two timeouts and two breakers, and no retry between them.
#[timeout(5s, name = "shop::nested")]
#[circuit_breaker(failure_threshold = 3)]
#[circuit_breaker(failure_threshold = 4)]
#[timeout(1s)]
pub(crate) async fn nested() -> Outcome {
    Ok(())
}

/// A function with limits that are computed for each call.
#[timeout(limit, name = "shop::by_call")]
#[retry(max_attempts = 3, max_elapsed = limit, backoff = |_| Duration::ZERO)]
#[circuit_breaker(STOCK)]
#[circuit_breaker(PER_HOST.get("a"))]
#[bulkhead(STRANGE)]
pub(crate) async fn by_call(limit: Duration) -> Outcome {
    Ok(())
}

#[retry(max_attempts = 2, base_delay = 0s, budget = BUDGET, name = "shop::budgeted")]
#[timeout(1s)]
pub(crate) async fn budgeted(takes: Duration) -> Outcome {
    sleep(takes).await;
    Ok(())
}

#[timeout(LATENCY, name = "shop::followed")]
pub(crate) async fn followed(takes: Duration) -> Outcome {
    sleep(takes).await;
    Ok(())
}

#[resilient(MAIL, name = "shop::mail")]
pub(crate) async fn mail(takes: Duration) -> Outcome {
    sleep(takes).await;
    Ok(())
}

/// A function whose waits are limited by the timeout around.
#[timeout(5s, name = "shop::patient")]
#[retry(max_attempts = 2, max_elapsed = 4s, base_delay = 0s)]
#[bulkhead(max_wait = 3s)]
pub(crate) async fn patient() -> Outcome {
    Ok(())
}

/// A function with a bulkhead that has no `max_wait`: the timeout limits the wait.
#[timeout(2s, name = "shop::brief")]
#[bulkhead(max_concurrent = 4)]
pub(crate) async fn brief() -> Outcome {
    Ok(())
}

const LONG: Duration = Duration::from_secs(7);

/// A function with a wait that the attributes can not read: it is a constant.
#[timeout(2s, name = "shop::constant")]
#[bulkhead(max_wait = LONG)]
pub(crate) async fn constant() -> Outcome {
    Ok(())
}

/// A function with delays that take most of the time.
#[timeout(4s, name = "shop::delayed")]
#[retry(max_attempts = 4, max_elapsed = 3500ms, backoff = constant, base_delay = 1s, jitter = none)]
pub(crate) async fn delayed() -> Outcome {
    Ok(())
}

/// A function whose longest delay is shorter than the delay that others begin with.
#[retry(max_delay = 500ms, name = "shop::capped")]
pub(crate) async fn capped() -> Outcome {
    Ok(())
}

/// A function with work that continues after the limit around it.
#[timeout(1s, cancel = false, name = "shop::detached")]
#[timeout(5s)]
pub(crate) async fn detached() -> Outcome {
    Ok(())
}

/// Two functions with the same name.
mod twins {
    use super::{Outcome, timeout};

    #[timeout(1s, name = "shop::twin")]
    pub(crate) async fn one() -> Outcome {
        Ok(())
    }

    #[timeout(2s, name = "shop::twin")]
    pub(crate) async fn other() -> Outcome {
        Ok(())
    }
}
