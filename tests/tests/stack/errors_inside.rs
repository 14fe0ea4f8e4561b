//! Errors inside errors: the class that survives a conversion, and a policy's error that is found.

use std::cell::Cell;
use std::error::Error as StdError;
use std::fmt;
use std::io::{self, ErrorKind};
use std::rc::Rc;
use std::sync::Arc;

use resilience::events::TransitionReason;
use resilience::{CircuitBreaker, Class, Classify, Error, Failure, RetryPolicy};
use resilience::{circuit_breaker, retry};
use resilience_tests::SECOND;

fn open() -> Error {
    Error::CircuitOpen {
        name: "inside",
        key: None,
        retry_after: Some(SECOND),
        reason: TransitionReason::Probe,
        last_failure: None,
    }
}

fn slow() -> Error {
    Error::TimedOut { function: "inside", limit: SECOND }
}

/// An error type without a class.
#[derive(Debug, thiserror::Error)]
#[error("foreign")]
struct Foreign;

#[derive(Debug, thiserror::Error, Classify)]
#[error("inner")]
#[classify(expected)]
struct Inner;

#[derive(Debug, thiserror::Error, Classify)]
enum Converted {
    #[error("{0}")]
    Resilience(#[from] Error),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Foreign(#[from] Foreign),
    #[error(transparent)]
    Inner(Box<Inner>),
    #[error("of a struct")]
    Named {
        #[from]
        cause: Transparent,
    },
    #[error(transparent)]
    Anyhow(#[from] anyhow::Error),
    #[error(transparent)]
    Boxed(#[from] Box<dyn StdError + Send + Sync>),
    #[error("{0}")]
    #[classify(permanent)]
    Decided(#[from] Failure<Inner>),
    #[error("not converted: {0}")]
    Unmarked(#[source] Inner),
}

#[derive(Debug, thiserror::Error, Classify)]
#[error(transparent)]
struct Transparent(Error);

#[test]
fn a_variant_that_converts_has_the_class_of_the_error_inside() {
    let reset = || io::Error::from(ErrorKind::ConnectionReset);
    let missing = || io::Error::from(ErrorKind::NotFound);
    for (error, class) in [
        (Converted::from(open()), Class::Ignored),
        (slow().into(), Class::Transient),
        (reset().into(), Class::Transient),
        (missing().into(), Class::Expected),
        (Foreign.into(), Class::Transient),
        (Converted::Inner(Box::new(Inner)), Class::Expected),
        (Transparent(open()).into(), Class::Ignored),
        (anyhow::Error::new(missing()).into(), Class::Expected),
        (Converted::Boxed(open().into()), Class::Ignored),
        (Failure::from(open()).into(), Class::Permanent),
        (Converted::Unmarked(Inner), Class::Transient),
    ] {
        assert_eq!(error.classify(), class, "{error:?}");
    }
}

#[test]
fn a_variant_that_converts_knows_the_policys_error_inside() {
    let by_io = io::Error::from(open());
    for error in [
        Converted::from(open()),
        by_io.into(),
        Transparent(open()).into(),
        anyhow::Error::new(open()).context("no price").into(),
        Converted::Boxed(open().into()),
        Failure::from(open()).into(),
    ] {
        assert_eq!(error.policy_error(), Some(&open()), "{error:?}");
    }
    for error in [Foreign.into(), Converted::Inner(Box::new(Inner)), Converted::Unmarked(Inner)] {
        assert_eq!(error.policy_error(), None, "{error:?}");
    }
}

#[test]
fn the_class_that_an_enum_gives_stands_for_variants_that_convert() {
    #[derive(Debug, thiserror::Error, Classify)]
    #[classify(permanent)]
    enum Strict {
        #[error(transparent)]
        Io(#[from] io::Error),
    }
    assert_eq!(Strict::from(io::Error::from(ErrorKind::TimedOut)).classify(), Class::Permanent);
    assert_eq!(Strict::from(io::Error::from(open())).policy_error(), Some(&open()));
}

#[test]
fn a_generic_field_that_converts_needs_no_class_and_is_transient_without_a_bound() {
    #[derive(Debug, thiserror::Error, Classify)]
    enum Free<E: StdError> {
        #[error(transparent)]
        Inner(#[from] E),
    }
    #[derive(Debug, thiserror::Error, Classify)]
    enum Bound<E: StdError + Classify> {
        #[error(transparent)]
        Inner(#[from] E),
    }
    assert_eq!(Free::from(Foreign).classify(), Class::Transient);
    assert_eq!(Free::from(open()).classify(), Class::Transient);
    assert_eq!(Bound::from(open()).classify(), Class::Ignored);
    assert_eq!(Bound::from(open()).policy_error(), Some(&open()));
}

#[test]
fn the_derive_gives_the_text_of_the_error() {
    #[derive(Debug, Classify)]
    struct OnlyDebug;
    #[derive(Classify)]
    struct Nothing;
    let text = |error: &dyn Classify| error.cause().text().map(|text| text.to_string());
    assert_eq!(text(&Inner), Some("inner".to_owned()));
    assert_eq!(text(&OnlyDebug), Some("OnlyDebug".to_owned()));
    assert_eq!(text(&Nothing), None);
    let wrapped = Converted::from(open());
    assert_eq!(text(&wrapped), Some(open().to_string()));
}

#[test]
fn boxed_errors_have_the_class_of_what_is_found_inside() {
    type Boxed = Box<dyn StdError>;
    type Sent = Box<dyn StdError + Send>;
    type Shared = Box<dyn StdError + Send + Sync>;
    let errors: [(Boxed, Class); 6] = [
        (open().into(), Class::Ignored),
        (slow().into(), Class::Transient),
        (io::Error::from(ErrorKind::NotFound).into(), Class::Expected),
        (io::Error::other(Converted::from(open())).into(), Class::Ignored),
        (Converted::from(open()).into(), Class::Ignored),
        ("what a text says is not known".into(), Class::Transient),
    ];
    for (error, class) in errors {
        assert_eq!((error.classify(), Class::of(error.as_ref())), (class, class), "{error:?}");
        assert_eq!(error.cause().text().as_deref(), Some(error.to_string().as_str()));
    }
    let (sent, shared): (Sent, Shared) = (Box::new(open()), Box::new(open()));
    assert_eq!((sent.classify(), shared.classify()), (Class::Ignored, Class::Ignored));
    assert_eq!((sent.policy_error(), shared.policy_error()), (Some(&open()), Some(&open())));
    let (rc, arc): (Rc<dyn StdError>, Arc<dyn StdError + Send + Sync>) =
        (Rc::new(open()), Arc::new(open()));
    assert_eq!((rc.classify(), arc.classify()), (Class::Ignored, Class::Ignored));
}

static SHUT: CircuitBreaker = CircuitBreaker::new("shut");

#[circuit_breaker(SHUT)]
async fn shut(calls: &Cell<u32>) -> Result<(), Error> {
    calls.set(calls.get() + 100);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_inside_is_not_retried_whatever_the_error_type_is() {
    SHUT.force_open();
    macro_rules! once {
        ($($error:ty),* $(,)?) => {$({
            #[retry(max_attempts = 3)]
            async fn call(calls: &Cell<u32>) -> Result<(), $error> {
                calls.set(calls.get() + 1);
                Ok(shut(calls).await?)
            }
            let calls = Cell::new(0);
            assert!(call(&calls).await.is_err());
            assert_eq!(calls.get(), 1, stringify!($error));
        })*};
    }
    once!(
        io::Error,
        Converted,
        Failure<Inner>,
        Failure<Foreign>,
        Failure<anyhow::Error>,
        Box<dyn StdError>,
        Box<dyn StdError + Send + Sync>,
        anyhow::Error,
        eyre::Report,
    );
}

#[tokio::test(start_paused = true)]
async fn a_functions_own_error_in_a_failure_is_asked_if_it_has_a_class() {
    #[retry(max_attempts = 3)]
    async fn by_foreign(calls: &Cell<u32>) -> Result<(), Failure<Foreign>> {
        calls.set(calls.get() + 1);
        Err(Failure::Function(Foreign))
    }
    #[retry(max_attempts = 3)]
    async fn by_anyhow(calls: &Cell<u32>, kind: ErrorKind) -> Result<(), Failure<anyhow::Error>> {
        calls.set(calls.get() + 1);
        Err(Failure::Function(io::Error::from(kind).into()))
    }
    let calls = Cell::new(0);
    assert!(by_foreign(&calls).await.is_err());
    assert_eq!(calls.take(), 3);
    assert!(by_anyhow(&calls, ErrorKind::ConnectionReset).await.is_err());
    assert_eq!(calls.take(), 3);
    assert!(by_anyhow(&calls, ErrorKind::PermissionDenied).await.is_err());
    assert_eq!(calls.take(), 1);
}

#[tokio::test(start_paused = true)]
async fn contexts_hide_nothing_and_a_lost_connection_is_retried() {
    #[retry(max_attempts = 3)]
    async fn by_anyhow(calls: &Cell<u32>, kind: ErrorKind) -> anyhow::Result<()> {
        use anyhow::Context as _;
        calls.set(calls.get() + 1);
        Err(io::Error::from(kind)).context("no price").context("no order")
    }
    #[retry(max_attempts = 3)]
    async fn by_eyre(calls: &Cell<u32>, kind: ErrorKind) -> eyre::Result<()> {
        use eyre::WrapErr as _;
        calls.set(calls.get() + 1);
        Err(io::Error::from(kind)).wrap_err("no price").wrap_err("no order")
    }
    for (kind, expected) in [(ErrorKind::ConnectionReset, 3), (ErrorKind::PermissionDenied, 1)] {
        let calls = Cell::new(0);
        assert!(by_anyhow(&calls, kind).await.is_err());
        assert_eq!(calls.take(), expected, "anyhow: {kind:?}");
        assert!(by_eyre(&calls, kind).await.is_err());
        assert_eq!(calls.take(), expected, "eyre: {kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn calls_of_policies_ask_too() {
    let retry = RetryPolicy::new("inside").max_attempts(3);
    let calls = Cell::new(0);
    let boxed = retry.call(async || {
        calls.set(calls.get() + 1);
        Err::<(), Box<dyn StdError>>(Box::new(open()))
    });
    assert!(boxed.await.is_err());
    assert_eq!(calls.take(), 1);
    let by_class = |error: &anyhow::Error| Class::of(error.as_ref());
    let anyhow = retry.call_with(by_class, async || {
        calls.set(calls.get() + 1);
        Err::<(), _>(anyhow::Error::new(open()).context("no price"))
    });
    assert!(anyhow.await.is_err());
    assert_eq!(calls.take(), 1);
}

/// An error whose source is the one given, or itself.
#[derive(Debug)]
struct Because(Option<Box<dyn StdError + Send + Sync>>);

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("because")
    }
}

impl StdError for Because {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(match &self.0 {
            Some(source) => source.as_ref(),
            None => self,
        })
    }
}

fn because(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Because {
    Because(Some(source.into()))
}

#[test]
fn a_policys_error_is_found_behind_sources_and_pointers() {
    let shared: Arc<dyn StdError + Send + Sync> = Arc::new(open());
    let unshared: Arc<dyn StdError> = Arc::new(open());
    let errors: [Box<dyn StdError>; 13] = [
        Box::new(open()),
        Box::new(Box::new(open())),
        Box::new(because(open())),
        Box::new(because(Arc::new(open()))),
        Box::new(because(because(Box::new(open())))),
        Box::new(because(shared)),
        Box::new(unshared),
        Box::new(because(io::Error::from(open()))),
        Box::new(Arc::new(io::Error::other(because(open())))),
        Box::new(because(Failure::<io::Error>::Policy(open()))),
        Box::new(because(Failure::Function(open()))),
        Box::new(Failure::<io::Error>::Function(open().into())),
        Box::new(because(Converted::from(open()))),
    ];
    for error in &errors {
        assert_eq!(Error::find(error.as_ref()), Some(&open()), "{error:?}");
    }
    let anyhow = anyhow::Error::new(Converted::from(open())).context("no price");
    assert_eq!(Error::find(anyhow.as_ref()), Some(&open()));
    let eyre = eyre::Report::new(Converted::from(open())).wrap_err("no price");
    assert_eq!(Error::find(eyre.as_ref()), Some(&open()));
}

#[test]
fn where_there_is_none_nothing_is_found() {
    assert_eq!(Error::find(&Foreign), None);
    assert_eq!(Error::find(&because(io::Error::from(ErrorKind::NotFound))), None);
    assert_eq!(Error::find(&Transparent(open())), None, "its source is that of the error inside");
    assert_eq!(Transparent(open()).policy_error(), Some(&open()));
}

#[test]
fn sources_in_a_circle_end() {
    let circle = Because(None);
    assert_eq!((Error::find(&circle), Class::of(&circle)), (None, Class::Transient));
    let deep = |depth| (0..depth).fold(because(open()), |error, _| because(error));
    assert_eq!(Error::find(&deep(50)), Some(&open()));
    assert_eq!(Error::find(&deep(100)), None, "64 errors are looked at");
}

#[test]
fn a_caller_that_answers_with_503_learns_when_to_come_back() {
    let error = anyhow::Error::new(Converted::from(open())).context("no price");
    let found = Error::find(error.as_ref()).expect("it is inside");
    assert!(found.is_rejection() && found.is_circuit_open());
    assert_eq!((found.name(), found.retry_after()), ("inside", Some(SECOND)));
}
