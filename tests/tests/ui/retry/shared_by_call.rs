//! What many calls share does not come with one of them.
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
