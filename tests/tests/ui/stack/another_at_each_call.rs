//! Policies by value: each call would have another one.
use resilience::{AdaptiveTimeout, Bulkhead, CircuitBreaker, Error, Policy, RetryPolicy};
use resilience::{bulkhead, circuit_breaker, resilient, retry, timeout};
struct Client;
trait Deps {
    const B: CircuitBreaker;
}
struct Ty<T>(T);
mod module {
    pub struct Type;
    impl Type {
        pub const B: resilience::CircuitBreaker = resilience::CircuitBreaker::new("m");
    }
}
fn make() -> CircuitBreaker {
    CircuitBreaker::new("x")
}
impl Client {
    const B: CircuitBreaker = CircuitBreaker::new("x");
    const P: Policy = Policy::new("p");
    const R: RetryPolicy = RetryPolicy::new("p");
    const K: Bulkhead = Bulkhead::new("p").max_concurrent(2);
    #[circuit_breaker(Self::B)]
    pub async fn f1(&self) -> Result<(), Error> {
        Ok(())
    }
    #[circuit_breaker(Client::B)]
    pub async fn f2(&self) -> Result<(), Error> {
        Ok(())
    }
    #[circuit_breaker(&Client::B)]
    pub async fn f2b(&self) -> Result<(), Error> {
        Ok(())
    }
    #[resilient(Self::P)]
    pub async fn f3(&self) -> Result<(), Error> {
        Ok(())
    }
    #[retry(Self::R)]
    pub async fn f4(&self) -> Result<(), Error> {
        Ok(())
    }
    #[bulkhead(Self::K)]
    pub async fn f5(&self) -> Result<(), Error> {
        Ok(())
    }
}
impl<T: Deps> Ty<T> {
    #[circuit_breaker(<T as Deps>::B)]
    pub async fn g1(&self) -> Result<(), Error> {
        Ok(())
    }
    #[circuit_breaker(T::B)]
    pub async fn g2(&self) -> Result<(), Error> {
        Ok(())
    }
}
#[circuit_breaker(module::Type::B)]
pub async fn h1() -> Result<(), Error> {
    Ok(())
}
#[circuit_breaker(make())]
pub async fn h2() -> Result<(), Error> {
    Ok(())
}
#[circuit_breaker(&make())]
pub async fn h2b() -> Result<(), Error> {
    Ok(())
}
#[circuit_breaker({ CircuitBreaker::new("x") })]
pub async fn h3() -> Result<(), Error> {
    Ok(())
}
#[circuit_breaker(if true { make() } else { make() })]
pub async fn h4() -> Result<(), Error> {
    Ok(())
}
#[timeout(AdaptiveTimeout::new("a"))]
pub async fn h5() -> Result<(), Error> {
    Ok(())
}
#[circuit_breaker(std::sync::Arc::new(CircuitBreaker::new("x")))]
pub async fn h6() -> Result<(), Error> {
    Ok(())
}
#[bulkhead((Box::new(Bulkhead::new("x"))))]
pub async fn h7() -> Result<(), Error> {
    Ok(())
}
#[resilient({ std::rc::Rc::new(Policy::new("x")) })]
pub async fn h8() -> Result<(), Error> {
    Ok(())
}

fn main() {}
