//! What the program does about failures, for people to read: as a table, as a diagram, and what looks wrong about it.

mod mermaid;
mod table;
mod warning;

use super::declared::Declared;
use super::layer::Layer;
use super::{AnnotatedFunction, Item, functions_in_order, items};
pub use mermaid::Mermaid;
pub use warning::Warning;

/// Which function has which layers, outside in, with the limits that hold at the moment: [`Registry::report`](crate::Registry::report).
///
/// Displayed as a table, with the [`warnings`](Self::warnings) below it; as a diagram by [`mermaid`](Self::mermaid).
#[derive(Clone, Debug)]
pub struct Report {
    functions: Vec<Entry>,
    warnings: Vec<Warning>,
}

/// One function.
#[derive(Clone, Debug)]
struct Entry {
    function: &'static AnnotatedFunction,
    layers: Vec<Row>,
}

/// One layer.
#[derive(Clone, Debug)]
struct Row {
    /// As its attribute is called.
    layer: &'static str,
    /// Of a static.
    name: Option<&'static str>,
    limits: String,
    /// A layer of the policy above it.
    is_part: bool,
    /// Which of the statics that several functions share.
    shared: Option<usize>,
}

impl Report {
    /// What the type system can't see: names that several have, functions with different timeouts on one breaker, statics that nothing
    /// uses, retries that were entered inside of others.
    pub fn warnings(&self) -> impl Iterator<Item = &Warning> {
        self.warnings.iter()
    }

    /// As a Mermaid flowchart: a box for each function with its layers, and the statics that several functions share. Displayed as the text
    /// that a `mermaid` code block holds.
    #[must_use]
    pub const fn mermaid(&self) -> Mermaid<'_> {
        Mermaid(self)
    }
}

pub(super) fn report() -> Report {
    let items = items();
    let shared: Vec<_> =
        items.iter().filter(|item| item.functions.len() > 1).map(|item| item.declared).collect();
    let functions = functions_in_order()
        .into_iter()
        .map(|function| {
            let layers = function.layers().iter().flat_map(|layer| rows(layer, function, &shared));
            Entry { function, layers: layers.collect() }
        })
        .collect();
    Report { functions, warnings: warning::all(&items) }
}

/// A layer; the layers of a policy below it.
fn rows(layer: &Layer, function: &AnnotatedFunction, shared: &[Declared]) -> Vec<Row> {
    let kind = layer.kind();
    let row = |kind, declared: Declared, is_part| {
        let name = declared.name().map(|(_, name)| name);
        Row {
            layer: kind,
            // What is the function's own is named after it.
            name: name.filter(|name| *name != function.path()),
            limits: declared.limits(layer.by_call()),
            is_part,
            shared: shared.iter().position(|one| one.is(declared)),
        }
    };
    let Some(declared) = layer.declared() else {
        let limits = if kind == super::LayerKind::Fallback { "" } else { "given by each call" };
        let (layer, limits) = (kind.name(), String::from(limits));
        return vec![Row { layer, name: None, limits, is_part: false, shared: None }];
    };
    let mut rows = vec![row(kind.name(), declared, false)];
    if let Declared::Policy(policy) = declared {
        let bulkhead =
            policy.pool().map(|bulkhead| row("bulkhead", Declared::Bulkhead(bulkhead), true));
        let breaker = policy
            .breaker()
            .map(|breaker| row("circuit_breaker", Declared::CircuitBreaker(breaker), true));
        let retry = policy.retries().map(|retry| row("retry", Declared::RetryPolicy(retry), true));
        let timeout = policy.limit().map(|limit| row("timeout", Declared::Limit(limit), true));
        rows.extend([bulkhead, breaker, retry, timeout].into_iter().flatten());
    }
    rows
}

impl Declared {
    /// The limits that hold now, in a few words, but for those of which each call has its own.
    fn limits(self, by_call: &[&str]) -> String {
        match self {
            Self::CircuitBreaker(breaker) => breaker.in_words(),
            Self::CircuitBreakers(keyed) => format!("each key: {}", keyed.pattern().in_words()),
            Self::Bulkhead(bulkhead) => bulkhead.in_words(),
            Self::Bulkheads(keyed) => format!("each key: {}", keyed.pattern().in_words()),
            Self::RetryPolicy(policy) => policy.in_words(by_call),
            Self::AdaptiveTimeout(timeout) => {
                format!("{:?} now, follows the latencies", timeout.limit())
            }
            Self::Limit(limit) => format!("{limit:?}"),
            Self::Policy(_) | Self::RetryBudget(_) => String::new(),
        }
    }
}
