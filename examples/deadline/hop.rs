//! A deadline on its way between processes. It travels as the time that is left, because the
//! clocks of two machines differ.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::HeaderMap;
use reqwest::Client;
use resilience::remaining;
use tokio::time::Instant;

use crate::CallError;

const HEADER: &str = "x-timeout-ms";

/// Sends a request, with the time that the caller has left.
pub(crate) async fn get(client: &Client, to: SocketAddr) -> Result<(), CallError> {
    let mut request = client.get(format!("http://{to}/"));
    if let Some(left) = remaining() {
        request = request.header(HEADER, left.as_millis().to_string());
    }
    request.send().await?.error_for_status()?;
    Ok(())
}

/// Time that came with a request. A header that can't be read counts as none: the service's own
/// limit applies in any case.
pub(crate) fn milliseconds(headers: &HeaderMap) -> Option<u32> {
    headers.get(HEADER)?.to_str().ok()?.parse().ok()
}

/// Deadline that came with a request, if any. The time that the request was on its way is not
/// known, and not subtracted.
pub(crate) fn deadline(headers: &HeaderMap) -> Option<Instant> {
    let left = Duration::from_millis(milliseconds(headers)?.into());
    Some(Instant::now() + left)
}
