//! A limit on the retries of several functions together.

mod options;
mod retry_budget;

#[cfg(test)]
#[path = "../../model_checks/policy/retry_budget.rs"]
mod model_checks;

#[cfg(feature = "toml")]
pub(crate) use options::RetryBudgetOptions;
pub use retry_budget::RetryBudget;
