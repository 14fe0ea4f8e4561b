//! The report: a table of functions and layers, and warnings.

use super::warning::Warning;
use crate::registry::declared::AnnotatedFunction;

/// Table of all functions with their layers, outside in, and the limits in force:
/// [`Registry::report`](crate::Registry::report).
///
/// Displayed as a table, with the [`warnings`](Self::warnings) below it; as a diagram by
/// [`mermaid`](Self::mermaid).
///
/// ```standalone_crate
/// let report = resilience::registry().report();
/// println!("{report}");
/// assert_eq!(report.warnings().count(), 0, "a test may keep it so");
/// ```
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
    /// Name of its attribute.
    pub(super) layer: &'static str,
    /// Name of a static.
    pub(super) name: Option<&'static str>,
    pub(super) limits: String,
    /// Set for a layer of the policy in the row above.
    pub(super) is_part: bool,
    /// Number of the static, if several functions share it.
    pub(super) shared: Option<usize>,
}

impl Report {
    /// Mistakes that the type system can't see: duplicate names, functions with different timeouts
    /// on one breaker, statics that nothing uses, retries inside each other.
    pub fn warnings(&self) -> impl Iterator<Item = &Warning> {
        self.warnings.iter()
    }
}
