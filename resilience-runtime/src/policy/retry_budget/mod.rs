//! A common limit on the retries of several functions.

mod retry_budget;

#[cfg(test)]
#[path = "../../model_checks/policy/retry_budget.rs"]
mod model_checks;

pub use retry_budget::RetryBudget;
