//! A deadline on its way from one process to the next: as the time that is left, since no two clocks agree.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::HeaderMap;
use reqwest::Client;
use resilience::remaining;
use tokio::time::Instant;

use crate::CallError;

const HEADER: &str = "x-timeout-ms";

/// Sends a request, and with it the time that the caller has left.
pub(crate) async fn get(client: &Client, to: SocketAddr) -> Result<(), CallError> {
    let mut request = client.get(format!("http://{to}/"));
    if let Some(left) = remaining() {
        request = request.header(HEADER, left.as_millis().to_string());
    }
    request.send().await?.error_for_status()?;
    Ok(())
}

/// The time that came with a request. What can't be read is as good as nothing: a limit of one's own holds in any case.
pub(crate) fn milliseconds(headers: &HeaderMap) -> Option<u32> {
    headers.get(HEADER)?.to_str().ok()?.parse().ok()
}

/// The deadline that came with a request, if one did. How long the request was on its way is not known, and not subtracted.
pub(crate) fn deadline(headers: &HeaderMap) -> Option<Instant> {
    let left = Duration::from_millis(milliseconds(headers)?.into());
    Some(Instant::now() + left)
}
