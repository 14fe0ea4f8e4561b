//! A budget can not be an argument of the function, and a call does not make its own policy.
use resilience::{Policy, RetryBudget, RetryPolicy, resilient, retry};

#[retry(budget = budget)]
async fn budget(budget: &'static RetryBudget) -> Result<&'static str, String> {
    Ok(budget.name())
}

#[retry(RetryPolicy::new("own").max_attempts(5))]
async fn retried() -> Result<(), String> {
    Ok(())
}

#[resilient(Policy::important("own"))]
async fn combined() -> Result<(), resilience::Error> {
    Ok(())
}

struct Client {
    name: String,
}

impl Client {
    #[retry(self.name)]
    async fn wrong_type(&self) -> Result<(), String> {
        Ok(())
    }

    #[resilient(self.name)]
    async fn wrong_policy(&self) -> Result<(), resilience::Error> {
        Ok(())
    }

    #[retry(max_attempts = self.name.len())]
    async fn wrong_number(&self) -> Result<(), String> {
        Ok(())
    }
}

fn main() {}
