//! Health of an annotated function.

use super::status::{HealthStatus, of_calls, of_layers};
use crate::call_stats::CallStats;
use crate::registry::declared::AnnotatedFunction;

/// State of an annotated function.
///
/// ```
/// for function in resilience::registry().health().functions {
///     println!("{} {}: {} calls", function.path, function.status, function.stats.calls);
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct FunctionHealth {
    /// Module path and name.
    pub path: &'static str,
    /// The worst of the function's layers. A fallback makes what is inside it
    /// [`Degraded`](HealthStatus::Degraded) at worst.
    pub status: HealthStatus,
    /// [`CallStats::success_rate`] of the last minutes: without the answers of fallbacks.
    pub success_rate: Option<f64>,
    /// [`CallStats::fallback_rate`] of the last minutes: the share of calls that fallbacks
    /// answered.
    pub fallback_rate: Option<f64>,
    /// Counts of the function's calls in the last minutes:
    /// [`Health::period`](super::Health::period).
    pub recent: CallStats,
    /// Counts of the function's calls since the program started.
    pub stats: CallStats,
}

impl FunctionHealth {
    pub(super) fn of(function: &AnnotatedFunction, recent: CallStats) -> Self {
        Self {
            path: function.path(),
            status: of_layers(function).max(of_calls(&recent)),
            success_rate: recent.success_rate(),
            fallback_rate: recent.fallback_rate(),
            recent,
            stats: function.stats(),
        }
    }
}
