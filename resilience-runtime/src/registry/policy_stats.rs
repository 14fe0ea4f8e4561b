//! The calls through a combined policy, of all functions that name it.

use super::declared::AnnotatedFunction;
use super::index::annotated_functions;
use crate::call_stats::CallStats;
use crate::policy::combined::Policy;

impl Policy {
    /// What has become of the calls through this policy: by [`call`](Self::call), and of the
    /// functions that name it.
    #[must_use]
    pub fn stats(&self) -> CallStats {
        let functions = annotated_functions().filter(|function| function.names(self));
        functions.map(AnnotatedFunction::stats).fold(self.stats_of_calls(), CallStats::plus)
    }
}
