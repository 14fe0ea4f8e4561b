//! A shop, and its answers when a service fails.

use std::collections::HashMap;
use std::time::Duration;

use resilience::{CircuitBreaker, Error, Failure, circuit_breaker, fallback, retry, timeout};

use tokio::sync::Mutex;

use crate::dependency::Dependency;

static PAGES: CircuitBreaker =
    CircuitBreaker::new("pages").consecutive_failures(2).open_for(Duration::from_secs(60));

#[derive(Debug, thiserror::Error)]
pub(crate) enum ShopError {
    #[error("the service can't answer")]
    Refused,
    #[error("`{0}` was never seen before")]
    NeverSeen(String),
    #[error("{0}")]
    Resilience(#[from] Error),
}

#[derive(Default)]
pub(crate) struct Shop {
    /// All services except payment.
    pub(crate) services: Dependency,
    pub(crate) payment: Dependency,
    pub(crate) other_payment: Dependency,
    /// The last price of each item, in cents.
    prices: Mutex<HashMap<String, u32>>,
}

impl Shop {
    /// Gives a price, with a **stale cache** as fallback: an old price is better than none, if it
    /// is marked as old. The fallback is called with the arguments of the function. If the fallback
    /// fails too, its error is the answer.
    #[fallback(Self::last_price)]
    #[timeout(50ms)]
    pub(crate) async fn price(&self, item: &str) -> Result<String, ShopError> {
        let cents = self.services.call(1250).await?;
        self.prices.lock().await.insert(item.to_owned(), cents);
        Ok(format!("{cents} cents"))
    }

    async fn last_price(&self, item: &str) -> Result<String, ShopError> {
        let prices = self.prices.lock().await;
        let cents = prices.get(item).ok_or_else(|| ShopError::NeverSeen(item.to_owned()))?;
        Ok(format!("{cents} cents when last seen"))
    }

    /// Gives the cost of shipping, with a **default value** as fallback: if the cost is not known,
    /// the shop pays for shipping.
    #[fallback(value = 0)]
    #[timeout(50ms)]
    pub(crate) async fn shipping(&self) -> Result<u32, ShopError> {
        self.services.call(490).await
    }

    /// Recommends items, with a **degraded answer** as fallback: a simpler list, from local data.
    #[fallback(Self::recommended_to_all)]
    #[timeout(50ms)]
    pub(crate) async fn recommended(&self, customer: &str) -> Result<String, ShopError> {
        let items = self.services.call("stove, lamp").await?;
        Ok(format!("for {customer}: {items}"))
    }

    async fn recommended_to_all(&self, _customer: &str) -> Result<String, ShopError> {
        let prices = self.prices.lock().await;
        let items: Vec<&str> = prices.keys().map(String::as_str).collect();
        Ok(format!("others looked at: {}", items.join(", ")))
    }

    /// Gives the start page, with a **static response** as fallback, which needs no service. The
    /// closure receives the failure, and can name the reason.
    #[fallback(|failure| Ok(format!("we will be back soon ({})", reason(&failure))))]
    #[circuit_breaker(PAGES)]
    #[timeout(50ms)]
    pub(crate) async fn page(&self) -> Result<String, ShopError> {
        self.services.call(String::from("welcome, and see what is new")).await
    }

    /// Takes a payment, with **another provider** as fallback, which has layers of its own. If the
    /// other provider fails too, the last fallback is a value, which can't fail.
    #[fallback(Self::pay_elsewhere, value = format!("{cents} cents on invoice"))]
    #[timeout(50ms)]
    pub(crate) async fn pay(&self, cents: u32) -> Result<String, ShopError> {
        self.payment.call(format!("{cents} cents by card")).await
    }

    #[retry(max_attempts = 2, base_delay = 5ms)]
    #[timeout(50ms)]
    async fn pay_elsewhere(&self, cents: u32) -> Result<String, ShopError> {
        self.other_payment.call(format!("{cents} cents by the other provider")).await
    }
}

fn reason(failure: &Failure<ShopError>) -> &'static str {
    match failure {
        Failure::Function(_) => "refused",
        Failure::Policy(Error::TimedOut { .. }) => "too slow",
        Failure::Policy(Error::CircuitOpen { .. }) => "not called: it failed too often",
        Failure::Policy(_) => "rejected",
    }
}
