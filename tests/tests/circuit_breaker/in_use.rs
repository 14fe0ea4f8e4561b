//! Conditions that services have met: noise, outages, calls longer than their limits, callers that
//! leave, clocks that go back, and observers that are slow.

use std::future::pending;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use resilience::events::{Cause, TransitionReason};
use resilience::{
    CircuitBreaker, Class, Classify, Error, Event, Failure, Policy, State, circuit_breaker,
    observe, registry, timeout,
};
use resilience_tests::{
    ApiError, EventLog, SECOND, fail, ms, rejected, succeed, with_paused_clock,
};
use tokio::time::{advance, sleep};

/// A call that succeeds after this time. Returns `true` if it was let through.
async fn lasting(breaker: &CircuitBreaker, time: Duration) -> bool {
    let call = breaker.call(async || {
        sleep(time).await;
        Ok::<(), ()>(())
    });
    call.await.is_ok()
}

async fn open(breaker: &CircuitBreaker) {
    while breaker.state() == State::Closed {
        fail(breaker).await;
    }
    assert_eq!(breaker.state(), State::Open);
}

/// Makes a call each second for ten minutes. Returns the number of calls that were let through.
async fn a_call_each_second(breaker: &'static CircuitBreaker, time: Duration) -> usize {
    let mut calls = Vec::new();
    for _ in 0..600 {
        calls.push(tokio::spawn(lasting(breaker, time)));
        advance(SECOND).await;
        tokio::task::yield_now().await;
    }
    sleep(time).await;
    let mut admitted = 0;
    for call in calls {
        admitted += usize::from(call.await.expect("no panic"));
    }
    admitted
}

#[tokio::test(start_paused = true)]
async fn calls_longer_than_open_for_close_a_half_open_breaker() {
    static DEFAULTS: CircuitBreaker = CircuitBreaker::new("long calls");
    static SHORT: CircuitBreaker = CircuitBreaker::new("short spells").open_for(SECOND);
    for (breaker, time) in [(&DEFAULTS, SECOND * 31), (&SHORT, ms(1200))] {
        open(breaker).await;
        let admitted = a_call_each_second(breaker, time).await;
        assert_eq!(breaker.state(), State::Closed, "{breaker:?}");
        assert!(admitted > 400, "{admitted} of 600 were let through");
    }
}

/// Share of calls that are let through at this rate, when the dependency is well but for one per
/// cent of errors at random.
async fn answered(breaker: &CircuitBreaker, calls_a_second: u32, numbers: &mut u64) -> f64 {
    let calls = calls_a_second * 600;
    let mut admitted = 0;
    for _ in 0..calls {
        *numbers = numbers.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let fails = (*numbers >> 33).is_multiple_of(100);
        if let Ok(admission) = breaker.admit() {
            admitted += 1;
            if fails { admission.failure() } else { admission.success() }
        }
        advance(SECOND / calls_a_second).await;
    }
    f64::from(admitted) / f64::from(calls)
}

#[tokio::test(start_paused = true)]
async fn single_errors_do_not_open_a_breaker_with_the_defaults_at_any_traffic() {
    let mut numbers = 1;
    for calls_a_second in [10, 100, 1000] {
        let breaker = CircuitBreaker::new("noise");
        let share = answered(&breaker, calls_a_second, &mut numbers).await;
        assert!(share >= 0.985, "{share} at {calls_a_second} calls a second");
        assert_eq!(breaker.state(), State::Closed);
        for _ in 0..5 {
            breaker.admit().expect("an outage of fewer than 5 calls").failure();
        }
        assert_eq!(breaker.state(), State::Open, "a total outage, whatever came before");
    }
}

#[tokio::test(start_paused = true)]
async fn presets_open_at_their_runs() {
    let presets = [
        (Policy::critical("critical in use"), 3),
        (Policy::important("important in use"), 5),
        (Policy::non_critical("non-critical in use"), 10),
    ];
    for (policy, run) in presets {
        let mut calls = 0;
        let permanent = |(): &()| Class::Permanent;
        while matches!(
            policy.call_with(permanent, async || Err::<(), ()>(())).await,
            Err(Failure::Function(()))
        ) {
            calls += 1;
        }
        assert_eq!(calls, run);
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_after_busy_minutes_opens_a_breaker_that_has_a_run_beside_its_rate() {
    let breaker = CircuitBreaker::new("busy").failure_rate(0.5).consecutive_failures(5);
    for _ in 0..10_000 {
        succeed(&breaker).await;
    }
    let opened = EventLog::of(|event| match event {
        Event::CircuitBreakerTransition { name: "busy", reason, .. } => Some(*reason),
        _ => None,
    });
    for _ in 0..5 {
        fail(&breaker).await;
    }
    assert_eq!(opened.take(), [TransitionReason::ConsecutiveFailures]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_given_up_after_slow_call_is_a_slow_call() {
    let breaker = CircuitBreaker::new("impatient").slow_call(ms(200)).minimum_calls(10);
    for _ in 0..9 {
        let given_up = tokio::time::timeout(ms(200), breaker.call(pending::<Result<(), ()>>));
        assert!(given_up.await.is_err());
    }
    let quick = tokio::time::timeout(ms(199), breaker.call(pending::<Result<(), ()>>));
    assert!(quick.await.is_err());
    let snapshot = breaker.snapshot();
    assert_eq!((snapshot.calls, snapshot.slow_calls, snapshot.failures), (9, 9, 0));
    drop(tokio::time::timeout(ms(300), breaker.call(pending::<Result<(), ()>>)).await);
    assert_eq!(breaker.state(), State::Open);
    assert_eq!(breaker.snapshot().last_failure, None, "no error opened it");
    advance(SECOND * 30).await;
    drop(tokio::time::timeout(ms(300), breaker.call(pending::<Result<(), ()>>)).await);
    assert_eq!(breaker.state(), State::Open, "a slow probe");
}

#[tokio::test(start_paused = true)]
async fn a_dependency_that_fails_under_load_opens_the_breaker_for_longer_each_time() {
    let breaker = CircuitBreaker::new("flapping")
        .open_for(SECOND)
        .success_threshold(1)
        .open_backoff(2.0, SECOND * 60);
    let mut openings = 0;
    let end = tokio::time::Instant::now() + SECOND * 600;
    while tokio::time::Instant::now() < end {
        match breaker.state() {
            // It fails as soon as it has load.
            State::Closed => {
                open(&breaker).await;
                openings += 1;
            }
            _ => {
                lasting(&breaker, Duration::ZERO).await;
            }
        }
        advance(ms(100)).await;
    }
    assert!(openings < 20, "{openings} openings in ten minutes");
}

#[tokio::test(start_paused = true)]
async fn open_jitter_lengthens_a_spell_by_a_random_share() {
    let breaker = CircuitBreaker::new("jittered")
        .consecutive_failures(1)
        .open_for(SECOND * 10)
        .open_backoff(1.0, SECOND * 10)
        .open_jitter(0.5);
    let mut spells = Vec::new();
    for _ in 0..200 {
        fail(&breaker).await;
        spells.push(breaker.snapshot().retry_after.expect("it is open"));
        breaker.reset();
    }
    let within = SECOND * 10..=SECOND * 15;
    assert!(spells.iter().all(|spell| within.contains(spell)), "{spells:?}");
    let (least, most) = (spells.iter().min(), spells.iter().max());
    assert!(least < Some(&(SECOND * 11)) && most > Some(&(SECOND * 14)), "{least:?}, {most:?}");
    let wait = spells[0];
    fail(&breaker).await;
    let spell = breaker.snapshot().retry_after.expect("it is open");
    advance(spell.saturating_sub(ms(1))).await;
    assert!(rejected(&breaker).await.retry_after() <= Some(ms(1)), "{wait:?}");
    advance(ms(1)).await;
    succeed(&breaker).await;
    assert_eq!(breaker.state(), State::HalfOpen);
}

/// The times, in milliseconds after the spell that is declared, at which a hundred breakers that
/// opened together admit their first probes, if each is called every millisecond.
async fn first_probes(jitter: Option<f64>) -> Vec<u64> {
    let breaker = |_| {
        let breaker = CircuitBreaker::new("replica").consecutive_failures(1).open_for(SECOND * 10);
        match jitter {
            Some(share) => breaker.open_jitter(share),
            None => breaker,
        }
    };
    let mut replicas: Vec<_> = (0..100).map(breaker).collect();
    for replica in &replicas {
        fail(replica).await;
    }
    advance(ms(9_999)).await;
    assert!(replicas.iter().all(|replica| replica.admit().is_err()), "never too early");
    let mut probes = Vec::new();
    for after in 0..=5_000 {
        advance(ms(1)).await;
        let waiting = replicas.len();
        replicas.retain(|replica| replica.admit().is_err());
        probes.resize(probes.len() + waiting - replicas.len(), after);
    }
    assert!(replicas.is_empty(), "never later than the share");
    probes
}

#[tokio::test(start_paused = true)]
async fn a_hundred_breakers_that_opened_together_do_not_probe_together() {
    assert_eq!(first_probes(None).await, [0; 100], "all at once, by default");
    let probes = first_probes(Some(0.5)).await;
    // Of 5 s. With two probes in 100 ms on average, 16 are less likely than one in 10⁹.
    let together = (0..50).map(|tenth| probes.iter().filter(|at| **at / 100 == tenth).count());
    assert!(together.max() < Some(16), "{probes:?}");
    assert!(probes.first() < Some(&1_000) && probes.last() > Some(&4_000), "{probes:?}");
}

#[derive(Debug, Clone, Copy)]
struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("connection refused")
    }
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_shows_its_last_failure() {
    static BREAKER: CircuitBreaker =
        CircuitBreaker::new("telling").consecutive_failures(2).open_for(ms(12_000));

    #[derive(Debug)]
    enum Answer {
        Refused(Refused),
        Resilience(Error),
    }

    impl std::fmt::Display for Answer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            match self {
                Self::Refused(refused) => refused.fmt(f),
                Self::Resilience(error) => error.fmt(f),
            }
        }
    }

    impl From<Error> for Answer {
        fn from(error: Error) -> Self {
            Self::Resilience(error)
        }
    }

    #[circuit_breaker(BREAKER)]
    async fn call() -> Result<(), Answer> {
        Err(Answer::Refused(Refused))
    }

    let told = EventLog::of(|event| match event {
        Event::CircuitBreakerTransition { name: "telling", to, error, .. } => {
            Some((*to, error.as_ref().map(ToString::to_string)))
        }
        _ => None,
    });
    for _ in 0..2 {
        assert!(matches!(call().await, Err(Answer::Refused(_))));
    }
    let rejection = call().await.expect_err("open").to_string();
    assert!(
        rejection.ends_with(
            "is open because of a run of failures, last failure: connection refused; come back in \
             12s"
        ),
        "{rejection}"
    );
    assert_eq!(BREAKER.snapshot().last_failure.as_deref(), Some("connection refused"));
    let health = registry().health().circuit_breakers;
    let health = health.iter().find(|breaker| breaker.name == "telling").expect("it is listed");
    let shown = "telling: open, probe in 12s, because of a run of failures, last failure: \
                 connection refused";
    assert_eq!(health.to_string(), shown);
    advance(SECOND * 12).await;
    let probe = BREAKER.admit().expect("a probe is due");
    assert_eq!(BREAKER.snapshot().last_failure.as_deref(), Some("connection refused"));
    assert!(BREAKER.admit().expect_err("one at a time").to_string().contains("refused"));
    probe.success();
    for _ in 0..2 {
        succeed(&BREAKER).await;
    }
    assert_eq!((BREAKER.state(), BREAKER.snapshot().last_failure), (State::Closed, None));
    let refused = Some(String::from("connection refused"));
    let expected = [(State::Open, refused), (State::HalfOpen, None), (State::Closed, None)];
    assert_eq!(told.take(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_a_timeout_or_a_panic_opened_says_so() {
    static TIMED: CircuitBreaker = CircuitBreaker::new("timed").consecutive_failures(1);
    static PANICKED: CircuitBreaker = CircuitBreaker::new("panicked").consecutive_failures(1);
    static BY_HAND: CircuitBreaker = CircuitBreaker::new("forced");

    #[timeout(1s)]
    #[circuit_breaker(TIMED)]
    async fn hangs() -> Result<(), ApiError> {
        pending().await
    }

    #[circuit_breaker(PANICKED)]
    async fn panics() -> Result<(), ApiError> {
        std::panic::resume_unwind(Box::new("on purpose"))
    }

    hangs().await.expect_err("a timeout");
    assert_eq!(TIMED.snapshot().last_failure.as_deref(), Some("the call timed out"));
    tokio::spawn(panics()).await.expect_err("a panic");
    assert_eq!(PANICKED.snapshot().last_failure.as_deref(), Some("the call panicked"));
    PANICKED.force_open();
    BY_HAND.force_open();
    assert_eq!((PANICKED.snapshot().last_failure, BY_HAND.snapshot().last_failure), (None, None));
    let error = BY_HAND.admit().expect_err("forced open");
    assert!(!error.to_string().contains("last failure"), "{error}");
}

#[test]
fn a_clock_that_goes_back_keeps_nothing_open_and_nothing_counted() {
    static OPENED: CircuitBreaker = CircuitBreaker::new("ahead").open_for(SECOND);
    static COUNTING: CircuitBreaker = CircuitBreaker::new("counting").failure_threshold(2);
    static PROBED: CircuitBreaker = CircuitBreaker::new("probed").open_for(SECOND);
    with_paused_clock(async {
        advance(SECOND * 3600).await;
        open(&OPENED).await;
        open(&PROBED).await;
        fail(&COUNTING).await;
        advance(SECOND).await;
        std::mem::forget(PROBED.admit().expect("a probe is due"));
    });
    with_paused_clock(async {
        assert_eq!(OPENED.snapshot().retry_after, Some(Duration::ZERO));
        succeed(&OPENED).await;
        assert_eq!(OPENED.state(), State::HalfOpen);
        fail(&COUNTING).await;
        assert_eq!((COUNTING.state(), COUNTING.snapshot().failures), (State::Closed, 1));
        succeed(&PROBED).await;
    });
}

#[test]
fn a_clock_that_goes_back_loses_no_success_that_comes_after() {
    static BREAKER: CircuitBreaker =
        CircuitBreaker::new("well again").failure_rate(0.5).minimum_calls(10);
    with_paused_clock(async {
        advance(SECOND * 3600).await;
        succeed(&BREAKER).await;
    });
    with_paused_clock(async {
        for _ in 0..100 {
            succeed(&BREAKER).await;
        }
        for _ in 0..10 {
            fail(&BREAKER).await;
        }
        assert_eq!(BREAKER.state(), State::Closed, "10 of 110");
    });
}

/// Keeps the transitions of the breaker of this name.
fn transitions_of(name: &'static str) -> EventLog<(State, State)> {
    EventLog::of(move |event| match event {
        Event::CircuitBreakerTransition { name: of, from, to, .. } if *of == name => {
            Some((*from, *to))
        }
        _ => None,
    })
}

#[test]
fn observers_see_the_transitions_of_a_breaker_in_order_from_any_thread() {
    static BREAKER: CircuitBreaker =
        CircuitBreaker::new("in order").consecutive_failures(1).open_for(Duration::from_nanos(1));
    let told = transitions_of("in order");
    std::thread::scope(|scope| {
        for nth in 0..4 {
            scope.spawn(move || {
                for round in 0..500 {
                    match (nth + round) % 4 {
                        0 => BREAKER.force_open(),
                        1 => BREAKER.reset(),
                        _ => {
                            if let Ok(admission) = BREAKER.admit() {
                                admission.failure();
                            }
                        }
                    }
                }
            });
        }
    });
    let told = told.take();
    let breaks = told.windows(2).filter(|pair| pair[0].1 != pair[1].0).count();
    assert_eq!((told[0].0, breaks), (State::Closed, 0), "{} transitions", told.len());
    assert_eq!(told.last().map(|last| last.1), Some(BREAKER.state()));
}

#[test]
fn a_slow_observer_delays_no_call_of_another_thread() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("slowly observed");
    let (entered, has_entered) = mpsc::channel();
    let (leave, may_leave) = mpsc::channel::<()>();
    let (entered, may_leave) = (Mutex::new(entered), Mutex::new(may_leave));
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&told);
    let observer = observe(move |event| {
        if let Event::CircuitBreakerTransition { name: "slowly observed", to, .. } = event {
            log.lock().expect("no panic").push(*to);
            if *to == State::ForcedOpen {
                entered.lock().expect("no panic").send(()).expect("somebody waits");
                may_leave.lock().expect("no panic").recv().expect("somebody lets it go");
            }
        }
    });
    std::thread::scope(|scope| {
        scope.spawn(|| BREAKER.force_open());
        has_entered.recv().expect("the observer is called");
        // All of this goes on while the observer is busy.
        BREAKER.disable();
        BREAKER.admit().expect("disabled").failure();
        BREAKER.reset();
        assert_eq!(told.lock().expect("no panic").len(), 1);
        leave.send(()).expect("the observer waits");
    });
    let all = [State::ForcedOpen, State::Disabled, State::Closed];
    assert_eq!(*told.lock().expect("no panic"), all, "delivered by the thread that was at it");
    drop(observer);
}

#[test]
fn an_observer_may_change_its_breaker() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("changed by its observer");
    let told = transitions_of("changed by its observer");
    let observer = observe(|event| {
        if let Event::CircuitBreakerTransition {
            name: "changed by its observer",
            to: State::ForcedOpen,
            ..
        } = event
        {
            BREAKER.reset();
        }
    });
    BREAKER.force_open();
    drop(observer);
    let expected = [(State::Closed, State::ForcedOpen), (State::ForcedOpen, State::Closed)];
    assert_eq!((BREAKER.state(), told.take()), (State::Closed, expected.to_vec()));
}

/// An error that has its say by `Classify::cause`.
struct Silent;

impl Classify for Silent {
    fn classify(&self) -> Class {
        Class::Transient
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_without_a_text_opens_the_breaker_without_one() {
    let breaker = CircuitBreaker::new("silent").consecutive_failures(1);
    let failed = breaker.call(async || Err::<(), _>(Silent)).await;
    assert!(matches!(failed, Err(Failure::Function(Silent))));
    assert_eq!((breaker.state(), breaker.snapshot().last_failure), (State::Open, None));
    assert!(registry().circuit_breaker("silent").is_none(), "no static");
}

/// An answer of this class, with this text.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Answered(Class, &'static str);

impl Classify for Answered {
    fn classify(&self) -> Class {
        self.0
    }

    fn cause(&self) -> Cause<'_> {
        Cause::display(&self.1)
    }
}

#[tokio::test(start_paused = true)]
async fn only_a_failure_gives_its_text_to_the_breaker_that_it_opens() {
    let answers = [
        (Answered(Class::Transient, "refused"), Some("refused")),
        (Answered(Class::Transient, ""), None),
        (Answered(Class::Expected, "not found"), None),
    ];
    for (answer, text) in answers {
        let breaker = CircuitBreaker::new("slow answers").slow_call(SECOND).minimum_calls(2);
        for _ in 0..2 {
            let slow = breaker.call(async || {
                sleep(SECOND).await;
                Err::<(), _>(answer)
            });
            assert_eq!(slow.await, Err(Failure::Function(answer)));
        }
        let snapshot = breaker.snapshot();
        assert_eq!((snapshot.state, snapshot.last_failure.as_deref()), (State::Open, text));
    }
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_looks_at_no_run_counts_none_and_begins_one_with_its_new_limits() {
    static BREAKER: CircuitBreaker =
        CircuitBreaker::new("without a run").window_calls(100).failure_rate(1.0);

    #[circuit_breaker(BREAKER)]
    async fn call(fails: bool) -> Result<(), ApiError> {
        if fails { Err(ApiError::Down) } else { Ok(()) }
    }

    for _ in 0..10 {
        call(true).await.expect_err("down");
        call(false).await.expect("well");
    }
    let snapshot = BREAKER.snapshot();
    assert_eq!((snapshot.failures, snapshot.consecutive_failures), (10, 0));
    let text = "[circuit_breaker.'without a run']\nfailure_rate = 1.0\nconsecutive_failures = 3";
    registry().configure(text).expect("a limit");
    for failures in 1..=2 {
        call(true).await.expect_err("down");
        let snapshot = BREAKER.snapshot();
        assert_eq!((snapshot.state, snapshot.consecutive_failures), (State::Closed, failures));
    }
    registry().configure("").expect("no limit");
    assert_eq!(BREAKER.snapshot().consecutive_failures, 0);
    call(false).await.expect("well");
    registry().configure(text).expect("a limit");
    call(true).await.expect_err("down");
    assert_eq!(BREAKER.state(), State::Closed, "the first of a run");
}
