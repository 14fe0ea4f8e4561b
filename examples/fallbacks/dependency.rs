//! A service that fails on demand.

use std::future::pending;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::sleep;

use crate::shop::ShopError;

/// Behaviour of a service.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Fault {
    /// Answers.
    #[default]
    None,
    /// Answers with an error.
    Refuses,
    /// Never answers.
    Hangs,
}

#[derive(Default)]
pub(crate) struct Dependency {
    fault: Mutex<Fault>,
}

impl Dependency {
    pub(crate) fn set(&self, fault: Fault) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// Makes one call: the answer after a delay, unless there is a fault.
    pub(crate) async fn call<T>(&self, answer: T) -> Result<T, ShopError> {
        let fault = *self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        sleep(Duration::from_millis(2)).await;
        match fault {
            Fault::None => Ok(answer),
            Fault::Refuses => Err(ShopError::Refused),
            Fault::Hangs => pending().await,
        }
    }
}
