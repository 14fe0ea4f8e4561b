//! The order service: three dependencies, and an answer for the failure of each.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use resilience::{Bulkhead, CircuitBreaker, bulkhead, circuit_breaker, fallback, retry, timeout};
use tokio::sync::Mutex;

use crate::clock;

/// Payment answers some calls with 503 on a bad day, and then still works. If half of the last
/// calls failed, among twenty to forty, the breaker rejects calls for a second.
static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment")
    .failure_rate(0.5)
    .window_calls(40)
    .open_for(Duration::from_secs(1))
    .success_threshold(3);

/// Email is slow at times, and no customer waits for it. At most five calls wait for email at once.
static EMAIL: Bulkhead =
    Bulkhead::new("email").max_concurrent(5).max_wait(Duration::from_millis(50));

#[derive(Debug, thiserror::Error)]
pub(crate) enum ShopError {
    #[error("no answer: {0}")]
    Http(#[from] reqwest::Error),
    /// Error of a policy: timed out, circuit open, bulkhead full.
    #[error("{0}")]
    Resilience(#[from] resilience::Error),
}

pub(crate) struct Order {
    pub(crate) number: u32,
}

#[derive(Debug)]
pub(crate) enum Payment {
    Paid,
    Queued,
}

#[derive(Debug)]
pub(crate) enum Stock {
    Reserved,
    Assumed,
}

#[derive(Debug)]
pub(crate) enum Mail {
    Sent,
    Later,
}

/// Answer to the customer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) order: u32,
    pub(crate) stock: Stock,
    pub(crate) payment: Payment,
    pub(crate) mail: Mail,
}

#[derive(Clone)]
pub(crate) struct Shop {
    client: Client,
    payment: SocketAddr,
    inventory: SocketAddr,
    email: SocketAddr,
    /// Numbers of the orders whose payment could not be taken.
    queue: Arc<Mutex<Vec<u32>>>,
}

impl Shop {
    pub(crate) fn new(
        payment: SocketAddr,
        inventory: SocketAddr,
        email: SocketAddr,
    ) -> reqwest::Result<Self> {
        let client = Client::builder().no_proxy().build()?;
        Ok(Self { client, payment, inventory, email, queue: Arc::default() })
    }

    /// Numbers of the orders that are still to be charged.
    pub(crate) async fn queued(&self) -> HashSet<u32> {
        self.queue.lock().await.iter().copied().collect()
    }

    pub(crate) async fn place(&self, order: &Order) -> Result<Answer, ShopError> {
        Ok(Answer {
            order: order.number,
            stock: self.reserve(order).await?,
            payment: self.charge(order).await?,
            mail: self.confirm(order).await?,
        })
    }

    /// Charges the order. Each attempt has 400 ms and passes the breaker. An open breaker is not
    /// retried: the fallback answers at once.
    #[fallback(Self::queue_for_later)]
    #[retry(max_attempts = 3, base_delay = 100ms, max_delay = 1s)]
    #[circuit_breaker(PAYMENT)]
    #[timeout(400ms)]
    async fn charge(&self, order: &Order) -> Result<Payment, ShopError> {
        self.post(self.payment, order).await?;
        Ok(Payment::Paid)
    }

    /// Accepts the order without payment. The queue is charged when payment is back.
    async fn queue_for_later(&self, order: &Order) -> Result<Payment, ShopError> {
        self.queue.lock().await.push(order.number);
        Ok(Payment::Queued)
    }

    /// Reserves the stock. If inventory fails, the shop assumes that there is enough.
    #[fallback(value = Stock::Assumed)]
    #[timeout(2s)]
    #[retry(max_attempts = 4, base_delay = 50ms)]
    async fn reserve(&self, order: &Order) -> Result<Stock, ShopError> {
        self.post(self.inventory, order).await?;
        Ok(Stock::Reserved)
    }

    /// Sends the mail: first a slot in the bulkhead, then one attempt of 300 ms.
    #[fallback(|_failure| Ok(Mail::Later))]
    #[bulkhead(EMAIL)]
    #[timeout(300ms)]
    async fn confirm(&self, order: &Order) -> Result<Mail, ShopError> {
        self.post(self.email, order).await?;
        Ok(Mail::Sent)
    }

    async fn post(&self, to: SocketAddr, order: &Order) -> Result<(), ShopError> {
        let request = self
            .client
            .post(format!("http://{to}/"))
            .header("x-order", order.number)
            // By this time `story.rs` checks that an open breaker admitted no request.
            .header("x-attempted-at", clock::now().as_nanos().to_string());
        request.send().await?.error_for_status()?.bytes().await?;
        Ok(())
    }
}
