//! A shared policy can not be an argument of the function.
use resilience::{RetryBudget, RetryPolicy, retry};

#[retry(policy)]
async fn policy(policy: &'static RetryPolicy) -> Result<&'static str, String> {
    Ok(policy.name())
}

#[retry(budget = budget)]
async fn budget(budget: &'static RetryBudget) -> Result<&'static str, String> {
    Ok(budget.name())
}

fn main() {}
