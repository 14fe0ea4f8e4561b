//! A server that counts the requests it is sent.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// A server that fails until a given request.
pub(crate) struct Server {
    requests: AtomicU32,
    up_from: u32,
}

impl Server {
    pub(crate) const fn up() -> Self {
        Self::up_from(0)
    }

    pub(crate) const fn down() -> Self {
        Self::up_from(u32::MAX)
    }

    pub(crate) const fn up_from(request: u32) -> Self {
        Self { requests: AtomicU32::new(0), up_from: request }
    }

    /// Returns the number of the request: as the value, or as the error.
    pub(crate) fn request(&self) -> Result<u32, u32> {
        let request = self.requests.fetch_add(1, Relaxed) + 1;
        if request < self.up_from { Err(request) } else { Ok(request) }
    }

    pub(crate) fn requests(&self) -> u32 {
        self.requests.load(Relaxed)
    }
}
