//! The report: a table of functions and layers, and warnings.

use super::warning::Warning;
use crate::registry::declared::AnnotatedFunction;

/// Which function has which layers, outside in, with the limits that hold at the moment:
/// [`Registry::report`](crate::Registry::report).
///
/// Displayed as a table, with the [`warnings`](Self::warnings) below it; as a diagram by
/// [`mermaid`](Self::mermaid).
#[derive(Clone, Debug)]
pub struct Report {
    pub(super) functions: Vec<FunctionRows>,
    pub(super) warnings: Vec<Warning>,
}

/// One function.
#[derive(Clone, Debug)]
pub(super) struct FunctionRows {
    pub(super) function: &'static AnnotatedFunction,
    pub(super) layers: Vec<Row>,
}

/// One layer.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// As its attribute is called.
    pub(super) layer: &'static str,
    /// Of a static.
    pub(super) name: Option<&'static str>,
    pub(super) limits: String,
    /// A layer of the policy above it.
    pub(super) is_part: bool,
    /// Which of the statics that several functions share.
    pub(super) shared: Option<usize>,
}

impl Report {
    /// What the type system can't see: names that several have, functions with different timeouts
    /// on one breaker, statics that nothing uses, retries that were entered inside of others.
    pub fn warnings(&self) -> impl Iterator<Item = &Warning> {
        self.warnings.iter()
    }
}
