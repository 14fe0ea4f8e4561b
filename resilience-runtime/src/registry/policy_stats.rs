//! Counts of the calls through a policy, of all functions that name it.

use super::declared::ItemKind;
use super::declared::source::Identity;
use super::index::index;
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
        of_all(self.stats_of_calls(), Identity::of(ItemKind::Policy, self))
    }
}

impl RetryPolicy {
    /// Counts of the calls by this policy: by [`call`](Self::call), and of the functions that name
    /// it or a [`Policy`] that contains it.
    #[must_use]
    pub fn stats(&self) -> CallStats {
        of_all(self.stats_of_calls(), Identity::of(ItemKind::RetryPolicy, self))
    }
}

/// Counts of a policy's own calls, and of the functions with a layer that names it.
fn of_all(own: CallStats, policy: Identity) -> CallStats {
    let functions = index().functions_of(policy).iter();
    functions.map(|function| function.stats()).fold(own, CallStats::plus)
}
