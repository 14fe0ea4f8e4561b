//! The order of the layers is the order of the attributes. Every order of every set of five layers,
//! and every order of all six, is called, and at each point of user code the layers in force must
//! be those above that point.
//!
//! The layers in force are known from their effects, not from what the expansion says: a half-open
//! breaker and a bulkhead count running calls, a nested retry makes one attempt, and a delay does
//! not outlast a timeout.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::future::{Future, pending};
use std::pin::{Pin, pin};
use std::time::Duration;

use resilience::{
    Bulkhead, CircuitBreaker, RateLimiter, State, bulkhead, circuit_breaker, fallback,
    rate_limiter, retry, timeout,
};
use resilience_tests::poll_once;
use tokio::task::coop::unconstrained;
use tokio::time::{Instant, advance};

const HOUR: Duration = Duration::from_secs(3600);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layer {
    Timeout,
    Retry,
    CircuitBreaker,
    Bulkhead,
    Fallback,
    RateLimiter,
}

#[derive(Clone, Debug, PartialEq)]
enum ApiError {
    Body,
    Answer,
    Policy(resilience::Error),
}

impl From<resilience::Error> for ApiError {
    fn from(error: resilience::Error) -> Self {
        Self::Policy(error)
    }
}

/// Behaviour of the body.
#[derive(Clone, Copy, PartialEq)]
enum Body {
    Succeeds,
    Fails,
    Hangs,
}

/// The layers in force at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Around {
    timeout: bool,
    retry: bool,
    breaker: usize,
    bulkhead: u32,
}

/// The points of user code that were reached, and the layers around each.
type Seen = Vec<(&'static str, Around)>;

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

// A test runs on a thread of its own.
thread_local! {
    static SEEN: RefCell<Seen> = const { RefCell::new(Vec::new()) };
    static CALLS: Cell<u32> = const { Cell::new(0) };
    static BREAKER: &'static CircuitBreaker = leak(
        CircuitBreaker::new("order")
            .failure_threshold(9)
            .window(HOUR * 9)
            .open_for(HOUR)
            .success_threshold(u32::MAX),
    );
    static BULKHEAD: &'static Bulkhead = leak(Bulkhead::new("order"));
    static LIMITER: &'static RateLimiter =
        leak(RateLimiter::new("order").per_second(1).burst(1_000_000));
}

fn breaker() -> &'static CircuitBreaker {
    BREAKER.with(|breaker| *breaker)
}

fn pool() -> &'static Bulkhead {
    BULKHEAD.with(|bulkhead| *bulkhead)
}

fn limiter() -> &'static RateLimiter {
    LIMITER.with(|limiter| *limiter)
}

/// Is ready at once only if a deadline forbids the delay.
#[retry(max_attempts = 2, base_delay = 2h, max_delay = 2h, jitter = none, nested = allow)]
async fn sleeps_for_long() -> Result<(), ()> {
    Err(())
}

/// Calls its body once only inside an attempt of another retry.
#[retry(max_attempts = 2, base_delay = 0ms)]
async fn tries_twice(calls: &Cell<u32>) -> Result<(), ()> {
    calls.set(calls.get() + 1);
    Err(())
}

fn around() -> Around {
    let calls = Cell::new(0);
    // One task makes thousands of these calls, more than its budget allows without a pause.
    assert!(poll_once(&mut pin!(unconstrained(tries_twice(&calls)))).is_ready());
    Around {
        timeout: poll_once(&mut pin!(sleeps_for_long())).is_ready(),
        retry: calls.get() == 1,
        breaker: breaker().snapshot().probes,
        bulkhead: pool().snapshot().active,
    }
}

/// Records that user code has reached this point.
fn at(point: &'static str) {
    let around = around();
    SEEN.with_borrow_mut(|seen| seen.push((point, around)));
}

fn entering<T>(point: &'static str, value: T) -> T {
    at(point);
    value
}

async fn work(body: Body) -> Result<(), ApiError> {
    at("body");
    CALLS.set(CALLS.get() + 1);
    match body {
        Body::Succeeds => Ok(()),
        Body::Fails => Err(ApiError::Body),
        Body::Hangs => pending().await,
    }
}

type Call = Pin<Box<dyn Future<Output = Result<(), ApiError>>>>;

struct Order {
    layers: Vec<Layer>,
    call: fn(Body) -> Call,
}

/// Defines a function for each ordered selection of the layers.
macro_rules! every_order {
    (@pick $all:ident $outside:tt $before:tt) => {};
    (@pick $all:ident [$($outside:tt)*] [$($before:tt)*] $next:tt $($after:tt)*) => {
        every_order!(@function $all $($outside)* $next);
        every_order!(@pick $all [$($outside)* $next] [] $($before)* $($after)*);
        every_order!(@pick $all [$($outside)*] [$($before)* $next] $($after)*);
    };
    (@function $all:ident $({ $layer:ident #$attribute:tt })*) => {{
        $(#$attribute)*
        async fn ordered(body: Body) -> Result<(), ApiError> {
            work(body).await
        }
        $all.push(Order { layers: vec![$(Layer::$layer),*], call: |body| Box::pin(ordered(body)) });
    }};
    ($($layer:tt)*) => {{
        let mut all = Vec::new();
        every_order!(@pick all [] [] $($layer)*);
        all
    }};
}

/// Defines a function for each order of all layers.
macro_rules! every_full_order {
    (@pick $all:ident $outside:tt $before:tt) => {};
    (@pick $all:ident [$($outside:tt)*] [$($before:tt)*] $next:tt $($after:tt)*) => {
        every_full_order!(@inside $all [$($outside)* $next] $($before)* $($after)*);
        every_full_order!(@pick $all [$($outside)*] [$($before)* $next] $($after)*);
    };
    (@inside $all:ident [$($outside:tt)*]) => {
        every_order!(@function $all $($outside)*);
    };
    (@inside $all:ident $outside:tt $($left:tt)*) => {
        every_full_order!(@pick $all $outside [] $($left)*);
    };
    ($($layer:tt)*) => {{
        let mut all = Vec::new();
        every_full_order!(@pick all [] [] $($layer)*);
        all
    }};
}

fn orders() -> Vec<Order> {
    let mut orders = orders_of_five();
    orders.extend(orders_of_six());
    orders
}

fn orders_of_five() -> Vec<Order> {
    every_order![
        { Timeout #[timeout(entering("timeout", HOUR))] }
        { Retry #[retry(
            max_attempts = 2,
            base_delay = entering("retry", Duration::ZERO),
            when = |_| entering("retry: when", true),
            when_ok = |()| entering("retry: when_ok", false),
        )] }
        { CircuitBreaker #[circuit_breaker(
            entering("breaker", breaker()),
            when = |_| entering("breaker: when", false),
            when_ok = |()| entering("breaker: when_ok", false),
        )] }
        { Bulkhead #[bulkhead(entering("bulkhead", pool()))] }
        { Fallback #[fallback(
            |_| entering("fallback: answer", Err(ApiError::Answer)),
            when = |_| entering("fallback: when", true),
        )] }
    ]
}

fn orders_of_six() -> Vec<Order> {
    every_full_order![
        { Timeout #[timeout(entering("timeout", HOUR))] }
        { Retry #[retry(
            max_attempts = 2,
            base_delay = entering("retry", Duration::ZERO),
            when = |_| entering("retry: when", true),
            when_ok = |()| entering("retry: when_ok", false),
        )] }
        { CircuitBreaker #[circuit_breaker(
            entering("breaker", breaker()),
            when = |_| entering("breaker: when", false),
            when_ok = |()| entering("breaker: when_ok", false),
        )] }
        { Bulkhead #[bulkhead(entering("bulkhead", pool()))] }
        { Fallback #[fallback(
            |_| entering("fallback: answer", Err(ApiError::Answer)),
            when = |_| entering("fallback: when", true),
        )] }
        { RateLimiter #[rate_limiter(
            entering("limiter", limiter()),
            cost = entering("limiter: cost", 1),
        )] }
    ]
}

/// The documented behaviour of a call: each layer is around those below it.
struct Model {
    body: Body,
    seen: Seen,
    calls: u32,
    breaker_failures: usize,
    timeouts: u32,
    turns: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Ok,
    Body,
    Answer,
    TimedOut,
    /// Hangs until an outer timeout has passed.
    Never,
}

impl Model {
    fn at(&mut self, point: &'static str, around: Around) {
        self.seen.push((point, around));
    }

    fn run(&mut self, layers: &[Layer], outside: Around) -> End {
        let Some((layer, inside)) = layers.split_first() else {
            self.at("body", outside);
            self.calls += 1;
            return match self.body {
                Body::Succeeds => End::Ok,
                Body::Fails => End::Body,
                Body::Hangs => End::Never,
            };
        };
        match layer {
            Layer::Timeout => {
                self.at("timeout", outside);
                match self.run(inside, Around { timeout: true, ..outside }) {
                    End::Never if outside.timeout => End::Never,
                    End::Never => {
                        self.timeouts += 1;
                        End::TimedOut
                    }
                    end => end,
                }
            }
            Layer::Retry => {
                self.at("retry", outside);
                let mut end = self.attempt(inside, outside);
                if !matches!(end, End::Ok | End::Never) {
                    end = self.attempt(inside, outside);
                }
                end
            }
            Layer::CircuitBreaker => {
                self.at("breaker", outside);
                let admitted = Around { breaker: outside.breaker + 1, ..outside };
                let end = self.run(inside, admitted);
                match end {
                    End::Ok => self.at("breaker: when_ok", admitted),
                    End::Body | End::Answer => self.at("breaker: when", admitted),
                    End::TimedOut | End::Never => self.breaker_failures += 1,
                }
                end
            }
            Layer::Bulkhead => {
                self.at("bulkhead", outside);
                self.run(inside, Around { bulkhead: outside.bulkhead + 1, ..outside })
            }
            Layer::RateLimiter => {
                self.at("limiter", outside);
                self.at("limiter: cost", outside);
                self.turns += 1;
                self.run(inside, outside)
            }
            Layer::Fallback => match self.run(inside, outside) {
                end @ (End::Ok | End::Never) => end,
                End::Body | End::Answer | End::TimedOut => {
                    self.at("fallback: when", outside);
                    self.at("fallback: answer", outside);
                    End::Answer
                }
            },
        }
    }

    fn attempt(&mut self, inside: &[Layer], outside: Around) -> End {
        let end = self.run(inside, Around { retry: true, ..outside });
        match end {
            End::Ok => self.at("retry: when_ok", outside),
            End::Body | End::Answer => self.at("retry: when", outside),
            End::TimedOut | End::Never => {}
        }
        end
    }
}

/// Calls a function of one order, and compares it with the model.
async fn compare(order: &Order, body: Body) {
    let layers = &order.layers;
    SEEN.take();
    CALLS.set(0);
    limiter().reset();
    let mut model =
        Model { body, seen: Vec::new(), calls: 0, breaker_failures: 0, timeouts: 0, turns: 0 };
    let expected = model.run(layers, Around::default());
    let began = Instant::now();
    let result = (order.call)(body).await;
    let end = match result {
        Ok(()) => End::Ok,
        Err(ApiError::Body) => End::Body,
        Err(ApiError::Answer) => End::Answer,
        Err(ApiError::Policy(_)) => End::TimedOut,
    };
    assert_eq!(end, expected, "{layers:?}");
    assert_eq!(CALLS.get(), model.calls, "{layers:?}");
    if body != Body::Hangs {
        let tokens = limiter().snapshot().tokens;
        assert_eq!(tokens, 1_000_000 - model.turns, "{layers:?}");
    }
    assert_eq!(began.elapsed(), HOUR * model.timeouts, "{layers:?}");
    assert_eq!(around(), Around::default(), "{layers:?}: all is left");
    let mut seen = SEEN.take();
    if body == Body::Hangs {
        // A closed breaker counts failures, and not the running calls.
        assert_eq!(
            breaker().snapshot().failures,
            u64::try_from(model.breaker_failures).expect("small"),
            "{layers:?}"
        );
        model.seen.iter_mut().chain(&mut seen).for_each(|(_, around)| around.breaker = 0);
    }
    assert_eq!(seen, model.seen, "{layers:?}");
}

/// Makes the breaker half-open: it then counts running calls as probes, and no probe closes it.
async fn half_open_breaker() {
    while breaker().state() == State::Closed {
        assert!(breaker().call(async || Err::<(), _>(())).await.is_err());
    }
    advance(HOUR).await;
}

#[tokio::test(start_paused = true)]
async fn all_orders_of_all_sets_of_layers_are_tested() {
    let names: BTreeSet<String> =
        orders().iter().map(|order| format!("{:?}", order.layers)).collect();
    assert_eq!(names.len(), 5 + 5 * 4 + 5 * 4 * 3 + 120 + 120 + 720);
}

#[tokio::test(start_paused = true)]
async fn every_order_is_kept_when_the_body_fails() {
    half_open_breaker().await;
    for order in orders() {
        compare(&order, Body::Fails).await;
    }
}

#[tokio::test(start_paused = true)]
async fn every_order_is_kept_when_the_body_succeeds() {
    half_open_breaker().await;
    for order in orders() {
        compare(&order, Body::Succeeds).await;
    }
}

#[tokio::test(start_paused = true)]
async fn every_order_is_kept_when_the_body_hangs() {
    for order in orders().iter().filter(|order| order.layers.contains(&Layer::Timeout)) {
        breaker().reset();
        compare(order, Body::Hangs).await;
    }
}

#[test]
fn the_registry_lists_every_order_as_written() {
    let listed = |layer: &Layer| match layer {
        Layer::Timeout => "timeout",
        Layer::Retry => "retry",
        Layer::CircuitBreaker => "circuit_breaker",
        Layer::Bulkhead => "bulkhead",
        Layer::Fallback => "fallback",
        Layer::RateLimiter => "rate_limiter",
    };
    let written: BTreeSet<Vec<String>> = orders()
        .iter()
        .map(|order| order.layers.iter().map(|layer| listed(layer).to_owned()).collect())
        .collect();
    let registered: BTreeSet<Vec<String>> = resilience::registry()
        .functions()
        .filter(|function| function.path() == "stack::order::ordered")
        .map(|function| function.layers().iter().map(ToString::to_string).collect())
        .collect();
    assert_eq!(registered, written);
}
