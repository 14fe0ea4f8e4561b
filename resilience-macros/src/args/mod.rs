//! From an attribute's tokens to a plain struct. What is wrong with an argument by itself is found here.

mod breaker;
mod fallback;
mod list;
mod options;
mod policy;
mod reader;
mod resilient;
mod retry;
mod timeout;
mod typed;
mod unknown;
pub(crate) mod value;

use proc_macro2::{Span, TokenStream};
use syn::Path;

pub(crate) use fallback::{Answer, Fallback};
pub(crate) use list::ungrouped;
pub(crate) use options::{Options, renamed_crate};
pub(crate) use policy::{Builder, Policy, Subject};
use reader::Reader;
pub(crate) use reader::path_of;
pub(crate) use retry::{Backoff, Inline, Plan, Retry};
pub(crate) use timeout::{Limit, Timeout};

use crate::report::Report;

/// Which attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Timeout,
    Retry,
    CircuitBreaker,
    Bulkhead,
    Fallback,
    Resilient,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] = [
        Self::Timeout,
        Self::Retry,
        Self::CircuitBreaker,
        Self::Bulkhead,
        Self::Fallback,
        Self::Resilient,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Retry => "retry",
            Self::CircuitBreaker => "circuit_breaker",
            Self::Bulkhead => "bulkhead",
            Self::Fallback => "fallback",
            Self::Resilient => "resilient",
        }
    }

    /// Whether a path is one of ours: `retry`, `resilience::retry`, or under the name that `crate = …` gives.
    pub(crate) fn of(path: &Path, runtime: Option<&Path>) -> Option<Self> {
        let names = |path: &Path| {
            path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>()
        };
        let mut written = names(path);
        let last = written.pop()?;
        let ours = written.is_empty()
            || written == ["resilience"]
            || runtime.is_some_and(|runtime| names(runtime) == written);
        Self::ALL.into_iter().find(|kind| ours && kind.name() == last)
    }
}

/// One attribute, and where its name stands.
pub(crate) struct Layer {
    attribute: Kind,
    pub(crate) kind: LayerKind,
    pub(crate) span: Span,
}

pub(crate) enum LayerKind {
    Timeout(Timeout),
    Retry(Box<Retry>),
    CircuitBreaker(Policy),
    Bulkhead(Policy),
    Fallback(Fallback),
}

impl Layer {
    /// The layers that one attribute stands for, outside to inside; none if something is wrong with it, and the report says what.
    pub(crate) fn parse(
        kind: Kind,
        span: Span,
        args: TokenStream,
        options: &mut Options,
        report: &mut Report,
    ) -> Vec<Self> {
        let mut reader = Reader::new(kind, span, args, report);
        options.read(&mut reader);
        let kinds = Self::read(kind, &mut reader);
        reader.finish();
        kinds.into_iter().map(|layer| Self { attribute: kind, kind: layer, span }).collect()
    }

    fn read(kind: Kind, reader: &mut Reader<'_>) -> Vec<LayerKind> {
        let one = |kind: Option<LayerKind>| kind.into_iter().collect();
        match kind {
            Kind::Resilient => resilient::read(reader),
            Kind::Timeout => one(Timeout::read(reader).map(LayerKind::Timeout)),
            Kind::Retry => one(Retry::read(reader).map(|retry| LayerKind::Retry(Box::new(retry)))),
            Kind::CircuitBreaker => {
                one(Policy::circuit_breaker(reader).map(LayerKind::CircuitBreaker))
            }
            Kind::Bulkhead => one(Policy::bulkhead(reader).map(LayerKind::Bulkhead)),
            Kind::Fallback => one(Fallback::read(reader).map(LayerKind::Fallback)),
        }
    }

    /// The attribute it comes from.
    pub(crate) const fn name(&self) -> &'static str {
        self.attribute.name()
    }
}
