//! The order service: three dependencies, and what to do when each of them fails.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use resilience::{Bulkhead, CircuitBreaker, bulkhead, circuit_breaker, fallback, retry, timeout};
use tokio::sync::Mutex;

use crate::clock;

/// Payment is down for everybody or for nobody: if half of the last forty calls failed, leave it alone for a second.
static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment")
    .failure_rate(0.5)
    .window_calls(40)
    .open_for(Duration::from_secs(1))
    .success_threshold(3);

/// Email is slow at times, and nobody waits for it: it may hold up five calls, no more.
static EMAIL: Bulkhead = Bulkhead::new("email").max_concurrent(5).max_wait(Duration::from_millis(50));

#[derive(Debug, thiserror::Error)]
pub(crate) enum ShopError {
    #[error("no answer: {0}")]
    Http(#[from] reqwest::Error),
    /// Timed out, breaker open, bulkhead full: what the attributes have to say.
    #[error(transparent)]
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

/// What the customer is told.
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
    /// The orders whose payment could not be taken.
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

    /// The orders that are still to be charged.
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

    /// Each attempt has 400 ms and passes the breaker; an open breaker is not retried, but answered at once.
    #[fallback(Self::queue_for_later)]
    #[retry(max_attempts = 3, base_delay = 100ms, max_delay = 1s)]
    #[circuit_breaker(PAYMENT)]
    #[timeout(400ms)]
    async fn charge(&self, order: &Order) -> Result<Payment, ShopError> {
        self.post(self.payment, order).await?;
        Ok(Payment::Paid)
    }

    /// The order is taken all the same; somebody charges it when payment is back.
    async fn queue_for_later(&self, order: &Order) -> Result<Payment, ShopError> {
        self.queue.lock().await.push(order.number);
        Ok(Payment::Queued)
    }

    /// Whatever happens, the shop goes on: stock is assumed.
    #[fallback(value = Stock::Assumed)]
    #[timeout(2s)]
    #[retry(max_attempts = 4, base_delay = 50ms)]
    async fn reserve(&self, order: &Order) -> Result<Stock, ShopError> {
        self.post(self.inventory, order).await?;
        Ok(Stock::Reserved)
    }

    /// A place in the bulkhead first, then one attempt of 300 ms.
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
            // When the attempt was made: by it the story tells whether an open breaker let anything through.
            .header("x-attempted-at", clock::now().as_nanos().to_string());
        request.send().await?.error_for_status()?.bytes().await?;
        Ok(())
    }
}
