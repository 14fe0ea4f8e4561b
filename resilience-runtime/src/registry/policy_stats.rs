//! Counts of the calls through a policy, of all functions that name it.

use super::declared::{AnnotatedFunction, Layer};
use super::index::functions_in_order;
use crate::call_stats::CallStats;
use crate::policy::combined::Policy;
use crate::policy::retry::RetryPolicy;

impl Policy {
    /// Counts of the calls through this policy: by [`call`](Self::call), and of the functions that
    /// name it.
    ///
    /// ```
    /// use resilience::Policy;
    ///
    /// static PAYMENT: Policy = Policy::important("payment");
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let receipt = PAYMENT.call(async || Ok::<u32, std::io::Error>(7)).await;
    /// assert!(receipt.is_ok());
    /// assert_eq!(PAYMENT.stats().successes, 1);
    /// # }
    /// ```
    #[must_use]
    pub fn stats(&self) -> CallStats {
        of_all(self.stats_of_calls(), Layer::policy, self)
    }
}

impl RetryPolicy {
    /// Counts of the calls by this policy: by [`call`](Self::call), and of the functions that name
    /// it or a [`Policy`] that contains it.
    #[must_use]
    pub fn stats(&self) -> CallStats {
        of_all(self.stats_of_calls(), Layer::retry_policy, self)
    }
}

/// Counts of a policy's own calls, and of the functions with a layer that names it.
fn of_all<T: 'static>(
    own: CallStats,
    policy_of: impl Fn(&Layer) -> Option<&'static T>,
    policy: &T,
) -> CallStats {
    let names = |layer: &Layer| policy_of(layer).is_some_and(|other| std::ptr::eq(other, policy));
    let functions = functions_in_order().filter(|function| function.layers().iter().any(names));
    functions.map(AnnotatedFunction::stats).fold(own, CallStats::plus)
}
