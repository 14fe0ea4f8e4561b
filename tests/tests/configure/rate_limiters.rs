//! Rate limiters under a file: the debt is kept.

use resilience::{Keyed, Policy, RateLimiter, register, registry, resilient};
use resilience_tests::{SECOND, ms};
use tokio::time::Instant;

use crate::file::{alone, configure, in_force};

static RELOADED: RateLimiter = RateLimiter::new("reloaded").per_second(1).burst(4);
static PER_TENANT: Keyed<RateLimiter, u32> =
    Keyed::new(RateLimiter::new("reloaded tenant").per_second(1));
static LIMITED: Policy =
    Policy::new("limited").rate_limiter(RateLimiter::new("limited").per_second(1));
register!(RELOADED, PER_TENANT);

#[resilient(LIMITED)]
async fn limited() -> Result<(), resilience::Error> {
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn calls_that_wait_keep_their_turns_and_later_ones_follow_at_the_new_rate() {
    let _alone = alone().await;
    RELOADED.reset();
    let start = Instant::now();
    assert!(RELOADED.try_acquire(4).is_ok());
    let acquire =
        || tokio::spawn(async move { RELOADED.acquire(1).await.map(|()| start.elapsed()) });
    let before = [acquire(), acquire()];
    tokio::task::yield_now().await;
    configure("[rate_limiter.reloaded]\nper = { calls = 20, period = '1s' }");
    let after = [acquire(), acquire()];
    let mut made = Vec::new();
    for call in before.into_iter().chain(after) {
        made.push(call.await.expect("no panic").expect("in time"));
    }
    assert_eq!(made, [SECOND, 2 * SECOND, ms(2_050), ms(2_100)]);
    let limits = RELOADED.limits().to_string();
    assert!(limits.starts_with("per = (20, 1s) (file), burst = 4"), "{limits}");
}

#[tokio::test(start_paused = true)]
async fn tokens_stay_tokens() {
    let _alone = alone().await;
    RELOADED.reset();
    assert!(RELOADED.try_acquire(3).is_ok());
    configure("[rate_limiter.reloaded]\nper_second = 1_000\nburst = 1_000");
    assert_eq!(RELOADED.snapshot().tokens, 1, "a higher rate makes none of the time before");
    tokio::time::advance(ms(9)).await;
    assert_eq!(RELOADED.snapshot().tokens, 10);
    configure("");
    assert_eq!(RELOADED.snapshot().burst, 4);
}

#[tokio::test(start_paused = true)]
async fn the_instances_of_a_keyed_limiter_and_the_limiter_of_a_policy_are_configured() {
    let _alone = alone().await;
    let tenant = PER_TENANT.get(&1);
    LIMITED.reset();
    configure(
        "[rate_limiter.'reloaded tenant']
         max_wait = '0s'
         obey_retry_after = false
         [policy.limited.rate_limiter]
         burst = 7",
    );
    assert_eq!((tenant.try_acquire(1), tenant.acquire(1).await.is_err()), (Ok(()), true));
    let limits = tenant.limits().to_string();
    assert!(limits.contains("obey_retry_after = false (file)"), "{limits}");
    let limiter = registry().rate_limiter("limited").expect("the policy is registered");
    assert_eq!((limiter.snapshot().burst, limiter.snapshot().tokens), (7, 1));
    assert_eq!(limited().await, Ok(()));
    assert_eq!(limiter.snapshot().tokens, 0);
    configure("");
    assert!(in_force().iter().any(|line| line == "[rate_limiter.reloaded]"));
    assert_eq!(tenant.limits().get("max_wait").map(|it| it.value().to_string()), Some("5s".into()));
    let refused = registry().configure("[rate_limiter.reloaded]\nper_second = 0\nper = 3");
    let text = refused.expect_err("both are wrong").to_string();
    assert!(text.contains("from 1 to 1000000000") && text.contains("calls = 100"), "{text}");
}
