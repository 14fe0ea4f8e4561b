//! The report: a table of functions and layers, and warnings.

use std::panic::Location;

use super::warning::Warning;
use crate::registry::declared::AnnotatedFunction;

/// Report of [`Registry::report`](crate::Registry::report): each function with its layers from the
/// outside in, and their limits in force; then the breakers and bulkheads that values have
/// [registered](crate::Registry::register) and that live.
///
/// Displayed as a table, with the [`warnings`](Self::warnings) below it.
/// [`mermaid`](Self::mermaid) returns a diagram.
///
/// ```standalone_crate
/// let report = resilience::registry().report();
/// println!("{report}");
/// assert_eq!(report.warnings().count(), 0, "a test may keep it so");
/// ```
#[derive(Clone, Debug)]
pub struct Report {
    pub(super) functions: Vec<FunctionRows>,
    pub(super) values: Vec<ValueRow>,
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
    /// Name of its static.
    pub(super) name: Option<&'static str>,
    pub(super) limits: String,
    /// Set for a layer of the policy in the row above.
    pub(super) is_part: bool,
    /// Index in the list of statics that several functions share.
    pub(super) shared: Option<usize>,
}

/// The breakers or bulkheads of values that were registered at one place under one name.
#[derive(Clone, Debug)]
pub(super) struct ValueRow {
    pub(super) row: Row,
    /// The place of the registration.
    pub(super) place: &'static Location<'static>,
}

impl Report {
    /// Returns the likely mistakes that the compiler can't find: duplicate names, functions with
    /// different timeouts on one breaker, unused statics, and nested retries.
    pub fn warnings(&self) -> impl Iterator<Item = &Warning> {
        self.warnings.iter()
    }
}
