//! `#[derive(Classify)]`: every keyword, on every kind of type.
#![deny(warnings, clippy::pedantic)]
#![allow(dead_code, reason = "the fields of an error are not always read")]
#![allow(clippy::trivially_copy_pass_by_ref, reason = "the fields are lent, whatever their size")]

use std::convert::Infallible;
use std::fmt::Debug;
use std::io;
use std::time::Duration;

use resilience::{CircuitBreaker, Class, Classify, Failure, circuit_breaker, retry};
use resilience_tests::SECOND;

#[derive(Debug, Classify)]
enum ApiError {
    #[classify(transient)]
    Down,
    #[classify(permanent)]
    Unauthorized {
        realm: &'static str,
    },
    #[classify(ignored)]
    NotFound(u64),
    #[classify(transient, retry_after = wait)]
    Busy {
        host: String,
        wait: Duration,
    },
    #[classify(transient, retry_after = 1)]
    TooMany(u16, Option<Duration>),
    #[classify(delegate)]
    Policy(resilience::Error),
    #[classify(delegate)]
    Io {
        source: io::Error,
    },
    #[classify(with = by_status)]
    Status(u16, String),
    #[classify(with = Self::by_code)]
    Code {
        code: i32,
    },
    Unmarked(Vec<u8>),
}

fn by_status(status: &u16, body: &str) -> Class {
    match (status, body) {
        (500.., "try later") => Class::RetryAfter(SECOND),
        (500.., _) => Class::Transient,
        _ => Class::Ignored,
    }
}

impl ApiError {
    const fn by_code(code: &i32) -> Class {
        if *code == 1 { Class::Permanent } else { Class::Transient }
    }
}

impl From<resilience::Error> for ApiError {
    fn from(error: resilience::Error) -> Self {
        Self::Policy(error)
    }
}

#[test]
fn each_keyword_gives_its_class() {
    assert_eq!(ApiError::Down.classify(), Class::Transient);
    assert_eq!(ApiError::Unauthorized { realm: "staff" }.classify(), Class::Permanent);
    assert_eq!(ApiError::NotFound(3).classify(), Class::Ignored);
}

#[test]
fn a_field_may_hold_the_time_to_wait() {
    let busy = ApiError::Busy { host: String::from("eu"), wait: SECOND };
    assert_eq!(busy.classify(), Class::RetryAfter(SECOND));
    assert_eq!(ApiError::TooMany(429, Some(SECOND)).classify(), Class::RetryAfter(SECOND));
    assert_eq!(ApiError::TooMany(429, None).classify(), Class::Transient, "it did not say");
}

#[test]
fn a_field_may_decide_the_class() {
    static OPEN: CircuitBreaker = CircuitBreaker::new("asked");
    OPEN.force_open();
    let rejected: Result<(), Failure<()>> =
        futures_util::FutureExt::now_or_never(OPEN.call(async || Ok(())))
            .expect("an open breaker answers at once");
    let Err(Failure::Policy(error)) = rejected else { panic!("{rejected:?}") };
    assert_eq!(ApiError::Policy(error).classify(), Class::Ignored);
    let io = |kind| ApiError::Io { source: io::Error::from(kind) };
    assert_eq!(io(io::ErrorKind::ConnectionReset).classify(), Class::Transient);
    assert_eq!(io(io::ErrorKind::PermissionDenied).classify(), Class::Permanent);
}

#[test]
fn a_function_of_the_fields_may_decide_the_class() {
    let status = |status, body: &str| ApiError::Status(status, String::from(body)).classify();
    assert_eq!(status(404, ""), Class::Ignored);
    assert_eq!(status(503, ""), Class::Transient);
    assert_eq!(status(503, "try later"), Class::RetryAfter(SECOND));
    assert_eq!(ApiError::Code { code: 1 }.classify(), Class::Permanent);
}

#[test]
fn the_default_class_is_transient() {
    #[derive(Classify)]
    enum Silent {
        One,
        Two(u8),
    }
    #[derive(Classify)]
    struct Quiet {
        code: u8,
    }
    assert_eq!(ApiError::Unmarked(vec![1]).classify(), Class::Transient);
    assert_eq!([Silent::One.classify(), Silent::Two(2).classify()], [Class::Transient; 2]);
    assert_eq!(Quiet { code: 1 }.classify(), Class::Transient);
}

#[test]
fn the_class_of_an_enum_is_the_default_of_its_variants() {
    #[derive(Classify)]
    #[classify(ignored)]
    enum Request {
        Malformed,
        TooLong(usize),
        #[classify(transient)]
        Interrupted,
    }
    #[derive(Classify)]
    #[classify(with = Self::by_number)]
    enum Numbered {
        One,
        Two {
            detail: u8,
        },
        #[classify(permanent)]
        Three,
    }
    impl Numbered {
        const fn by_number(&self) -> Class {
            if matches!(self, Self::One) { Class::Ignored } else { Class::RetryAfter(SECOND) }
        }
    }
    assert_eq!(
        [Request::Malformed.classify(), Request::TooLong(9).classify()],
        [Class::Ignored; 2]
    );
    assert_eq!(Request::Interrupted.classify(), Class::Transient);
    assert_eq!(Numbered::One.classify(), Class::Ignored);
    assert_eq!(Numbered::Two { detail: 0 }.classify(), Class::RetryAfter(SECOND));
    assert_eq!(Numbered::Three.classify(), Class::Permanent);
}

#[test]
fn a_struct_may_have_any_class() {
    #[derive(Classify)]
    #[classify(permanent)]
    struct Unit;
    #[derive(Classify)]
    #[classify(transient, retry_after = r#in)]
    struct Raw {
        r#in: Duration,
    }
    #[derive(Classify)]
    #[classify(delegate)]
    struct Wrapper(Box<ApiError>);
    #[derive(Classify)]
    #[classify(with = by_seconds)]
    struct Seconds(u64);
    fn by_seconds(seconds: &Seconds) -> Class {
        Class::RetryAfter(Duration::from_secs(seconds.0))
    }
    assert_eq!(Unit.classify(), Class::Permanent);
    assert_eq!(Raw { r#in: SECOND }.classify(), Class::RetryAfter(SECOND));
    assert_eq!(Wrapper(Box::new(ApiError::NotFound(1))).classify(), Class::Ignored);
    assert_eq!(Seconds(1).classify(), Class::RetryAfter(SECOND));
}

/// A type that implements no trait.
struct Opaque;

#[test]
fn a_generic_type_requires_classify_only_where_it_delegates() {
    #[derive(Classify)]
    enum Either<'a, L, R: Debug = u8, const N: usize = 2>
    where
        L: 'a,
    {
        #[classify(delegate)]
        Left(&'a L),
        #[classify(permanent)]
        Right([R; N]),
        #[classify(with = of_both)]
        Both(L, R),
    }
    const fn of_both<L, R>(_: &L, _: &R) -> Class {
        Class::Ignored
    }
    #[derive(Classify)]
    #[classify(ignored)]
    struct Holds<T>(T);

    let left = ApiError::Unauthorized { realm: "staff" };
    assert_eq!(Either::<ApiError>::Left(&left).classify(), Class::Permanent);
    assert_eq!(Either::<ApiError>::Right([1, 2]).classify(), Class::Permanent);
    assert_eq!(Either::<ApiError>::Both(ApiError::Down, 1).classify(), Class::Ignored);
    assert_eq!(Holds(Opaque).classify(), Class::Ignored, "its field needs no class");
}

#[test]
fn a_generic_type_may_delegate_to_itself() {
    #[derive(Classify)]
    enum Chain<E> {
        #[classify(delegate)]
        Cause(E),
        #[classify(delegate)]
        After(Box<Chain<E>>),
        #[classify(delegate)]
        Again(Box<Self>),
    }
    let cause = Chain::Cause(ApiError::NotFound(1));
    let chain = Chain::Again(Box::new(Chain::After(Box::new(cause))));
    assert_eq!(chain.classify(), Class::Ignored);
}

#[test]
fn a_type_without_values_needs_no_class() {
    #[derive(Classify)]
    enum Never {}
    #[derive(Classify)]
    enum Hardly {
        #[classify(permanent)]
        Never(Infallible),
        #[classify(ignored)]
        Sometimes,
    }
    let none: Option<Never> = None;
    assert_eq!(none.map(|never| never.classify()), None);
    assert_eq!(Hardly::Sometimes.classify(), Class::Ignored);
}

#[test]
fn a_deprecated_variant_causes_no_warning() {
    mod old {
        use resilience::Classify;

        #[derive(Classify)]
        pub(super) enum Error {
            #[deprecated]
            #[classify(permanent)]
            Old,
        }

        impl Error {
            #[expect(deprecated)]
            pub(super) const fn old() -> Self {
                Self::Old
            }
        }
    }
    assert_eq!(old::Error::old().classify(), Class::Permanent);
}

/// A module in which every name that the derive could use is something else.
mod hygiene {
    use std::time::Duration;

    #[allow(non_camel_case_types)]
    mod taken {
        pub(super) struct Class;
        pub(super) struct Classify;
        pub(super) struct Option;
        pub(super) struct core;
    }
    #[allow(unused_imports)]
    use taken::*;

    #[derive(resilience::Classify)]
    pub(super) enum Error {
        #[classify(transient, retry_after = __field0)]
        Class { __field0: Duration },
        #[classify(with = __field1)]
        Classify(u8, u8),
    }

    const fn __field1(first: &u8, second: &u8) -> resilience::Class {
        if *first < *second { resilience::Class::Ignored } else { resilience::Class::Permanent }
    }

    macro_rules! busy {
        ($name:ident, $field:ident, $class:ident, $function:path) => {
            #[derive(resilience::Classify)]
            pub(super) enum $name {
                #[classify($class, retry_after = $field)]
                Busy { $field: Duration },
                #[classify(with = $function)]
                Both(u8, u8),
            }
        };
    }
    busy!(FromMacro, wait, transient, __field1);
}

#[test]
fn the_derive_does_not_depend_on_names_in_scope() {
    assert_eq!(hygiene::Error::Class { __field0: SECOND }.classify(), Class::RetryAfter(SECOND));
    assert_eq!(hygiene::Error::Classify(1, 2).classify(), Class::Ignored);
    assert_eq!(hygiene::FromMacro::Busy { wait: SECOND }.classify(), Class::RetryAfter(SECOND));
    assert_eq!(hygiene::FromMacro::Both(2, 1).classify(), Class::Permanent);
}

#[test]
fn several_attributes_are_read_together() {
    #[derive(Classify)]
    enum Two {
        #[classify(transient)]
        #[classify(retry_after = 0)]
        Busy(Duration),
    }
    assert_eq!(Two::Busy(SECOND).classify(), Class::RetryAfter(SECOND));
}

#[tokio::test(start_paused = true)]
async fn retry_and_circuit_breaker_act_by_the_class() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("by class").failure_threshold(2);
    #[retry(max_attempts = 3, base_delay = 1ms, jitter = none)]
    #[circuit_breaker(BREAKER)]
    async fn call(error: fn() -> ApiError) -> Result<(), ApiError> {
        Err(error())
    }
    let start = tokio::time::Instant::now();
    for _ in 0..9 {
        assert!(matches!(call(|| ApiError::NotFound(1)).await, Err(ApiError::NotFound(_))));
    }
    assert_eq!(start.elapsed(), Duration::ZERO, "ignored: neither retried nor counted");
    let busy = || ApiError::Busy { host: String::new(), wait: SECOND };
    assert!(
        matches!(call(busy).await, Err(ApiError::Policy(_))),
        "the third attempt finds it open"
    );
    assert_eq!(start.elapsed(), 2 * SECOND + Duration::from_millis(1 + 2), "hints and delays");
}

#[test]
fn io_errors_are_classified_by_kind() {
    use io::ErrorKind as Kind;

    let class = |kind| io::Error::from(kind).classify();
    for kind in [
        Kind::ConnectionRefused,
        Kind::ConnectionReset,
        Kind::ConnectionAborted,
        Kind::BrokenPipe,
        Kind::NotConnected,
        Kind::HostUnreachable,
        Kind::NetworkUnreachable,
        Kind::NetworkDown,
        Kind::AddrInUse,
        Kind::AddrNotAvailable,
        Kind::TimedOut,
        Kind::Interrupted,
        Kind::WouldBlock,
        Kind::UnexpectedEof,
        Kind::WriteZero,
        Kind::ResourceBusy,
        Kind::Other,
    ] {
        assert_eq!(class(kind), Class::Transient, "{kind:?}");
    }
    for kind in [Kind::PermissionDenied, Kind::Unsupported, Kind::InvalidData, Kind::StorageFull] {
        assert_eq!(class(kind), Class::Permanent, "{kind:?}");
    }
    for kind in [
        Kind::NotFound,
        Kind::AlreadyExists,
        Kind::NotADirectory,
        Kind::IsADirectory,
        Kind::DirectoryNotEmpty,
    ] {
        assert_eq!(class(kind), Class::Expected, "{kind:?}");
    }
    for kind in [Kind::InvalidInput, Kind::InvalidFilename, Kind::ArgumentListTooLong] {
        assert_eq!(class(kind), Class::Ignored, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn io_errors_are_retried_by_kind() {
    #[retry(base_delay = 1ms)]
    async fn call(kind: io::ErrorKind, calls: &mut u32) -> io::Result<()> {
        *calls += 1;
        Err(kind.into())
    }
    for (kind, expected) in [(io::ErrorKind::ConnectionReset, 3), (io::ErrorKind::NotFound, 1)] {
        let mut calls = 0;
        assert_eq!(call(kind, &mut calls).await.expect_err("always").kind(), kind);
        assert_eq!(calls, expected);
    }
}
