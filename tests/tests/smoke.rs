use resilience::{Bulkhead, CircuitBreaker, Failure, bulkhead, circuit_breaker, fallback, retry, timeout};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

#[derive(Debug, thiserror::Error)]
enum ApiError {
    #[error("status {0}")]
    Status(u16),
    #[error(transparent)]
    Resilience(#[from] resilience::Error),
}

static PAYMENT: CircuitBreaker =
    CircuitBreaker::new("payment").failure_threshold(5).open_for(Duration::from_secs(30));
static POOL: Bulkhead = Bulkhead::new("payment").max_concurrent(5).max_wait(Duration::from_secs(3));
static CALLS: AtomicU32 = AtomicU32::new(0);

struct Order {
    id: u32,
    name: String,
}

async fn later(order: &Order) -> Result<u32, ApiError> {
    Ok(order.id + 1000)
}

#[fallback(later)]
#[bulkhead(POOL)]
#[circuit_breaker(PAYMENT)]
#[retry(max_attempts = 3, base_delay = 100ms, max_delay = 2s)]
#[timeout(800ms)]
async fn charge(order: &Order) -> Result<u32, ApiError> {
    CALLS.fetch_add(1, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(10)).await;
    if order.id == 0 {
        return Err(ApiError::Status(503));
    }
    if order.id == 7 {
        std::future::pending::<()>().await;
    }
    let n: u32 = order.name.parse().map_err(|_| ApiError::Status(400))?;
    Ok(n)
}

#[timeout(1s)]
async fn limited(owned: String) -> Result<usize, ApiError> {
    let s = owned;
    tokio::time::sleep(Duration::from_secs(2)).await;
    Ok(s.len())
}

#[fallback(|failure| match failure { Failure::Function(e) => Err(e), Failure::Policy(p) => Err(p.into()) })]
#[circuit_breaker(failure_threshold = 2)]
async fn own(ok: bool) -> Result<(), ApiError> {
    if ok { Ok(()) } else { Err(ApiError::Status(1)) }
}

#[retry(max_attempts = 4, base_delay = 0ms)]
async fn only_retry(x: &mut u32, list: Vec<u32>) -> std::io::Result<u32> {
    *x += 1;
    if *x < 3 {
        Err(std::io::Error::other("no"))?;
    }
    let total: Vec<u32> = list.iter().copied().collect();
    Ok(total.iter().sum())
}

#[fallback(value = 9)]
#[timeout(10ms)]
fn boxed<'a>(x: &'a str) -> std::pin::Pin<Box<dyn Future<Output = Result<usize, String>> + Send + 'a>> {
    Box::pin(async move {
        std::future::pending::<()>().await;
        Ok(x.len())
    })
}

#[tokio::test(start_paused = true)]
async fn smoke() {
    assert_eq!(charge(&Order { id: 1, name: "5".into() }).await.unwrap(), 5);
    assert_eq!(CALLS.load(Ordering::SeqCst), 1);
    assert_eq!(charge(&Order { id: 0, name: "5".into() }).await.unwrap(), 1000);
    assert_eq!(CALLS.load(Ordering::SeqCst), 4);
    assert_eq!(charge(&Order { id: 7, name: "5".into() }).await.unwrap(), 1007);
    assert_eq!(PAYMENT.snapshot().failures, 2);
    println!("{:?}", limited("x".into()).await.unwrap_err());
    assert!(own(false).await.is_err());
    assert!(own(false).await.is_err());
    println!("{}", own(true).await.unwrap_err());
    let mut x = 0;
    assert_eq!(only_retry(&mut x, vec![1, 2, 3]).await.unwrap(), 6);
    assert_eq!(boxed("a").await, Ok(9));
    for f in resilience::registry().functions() {
        println!(
            "{} {}:{} {} {:?}",
            f.path(),
            f.file(),
            f.line(),
            f.layers().iter().map(|l| l.to_string()).collect::<Vec<_>>().join(" > "),
            f.stats()
        );
    }
    fn send<T: Send>(_: T) {}
    send(charge(&Order { id: 1, name: "5".into() }));
}

/// No `From`: nothing below the fallback needs it.
#[derive(Debug, PartialEq)]
struct Bare(u16);

#[fallback(value = 0, when = |error| error.0 == 404)]
#[retry(max_attempts = 2, base_delay = 0ms)]
async fn found(status: u16) -> Result<u16, Bare> {
    if status == 200 { Ok(1) } else { Err(Bare(status)) }
}

#[fallback(|failure| { let _ = failure; Ok(7) }, when = |error| matches!(error, ApiError::Resilience(_)))]
#[timeout(10ms)]
async fn asked(slow: bool) -> Result<u16, ApiError> {
    if slow {
        std::future::pending::<()>().await;
    }
    Err(ApiError::Status(1))
}

#[tokio::test(start_paused = true)]
async fn when_decides() {
    assert_eq!(found(404).await, Ok(0));
    assert_eq!(found(500).await, Err(Bare(500)));
    assert_eq!(asked(true).await.unwrap(), 7);
    assert!(asked(false).await.is_err());
}
