//! The client: an error type that gives each answer a class, and one annotated function.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, StatusCode};
use resilience::{Classify, retry, timeout};

#[derive(Debug, thiserror::Error, Classify)]
pub(crate) enum ApiError {
    /// Answer 429 or 503: not now. The server may name a time.
    #[error("the server is busy ({status}{})", hint(*retry_after))]
    #[classify(transient, retry_after = retry_after)]
    Busy { status: StatusCode, retry_after: Option<Duration> },

    /// Any other status that is not a success: the next answer would be the same.
    #[error("the server refused ({0})")]
    #[classify(permanent)]
    Refused(StatusCode),

    /// No connection, or a connection that broke. The variant has no class of its own, so it is
    /// transient.
    #[error("no answer: {0}")]
    NoAnswer(#[from] reqwest::Error),

    /// The limit passed.
    #[error("{0}")]
    #[classify(delegate)]
    Resilience(#[from] resilience::Error),
}

fn hint(retry_after: Option<Duration>) -> String {
    retry_after.map_or_else(String::new, |wait| format!(", come back in {} ms", wait.as_millis()))
}

pub(crate) struct Api {
    client: Client,
    server: SocketAddr,
}

impl Api {
    pub(crate) fn new(server: SocketAddr) -> reqwest::Result<Self> {
        Ok(Self { client: Client::builder().no_proxy().build()?, server })
    }

    /// Gets a page. The delays are 100, 200 and 400 ms, made random by the jitter. If the server
    /// names a time, they begin then, so that clients with the same time do not come together. A
    /// delay that would outlive the limit is not started.
    #[timeout(5s)]
    #[retry(max_attempts = 4, base_delay = 100ms)]
    pub(crate) async fn get(&self, path: &str) -> Result<String, ApiError> {
        let response = self.client.get(format!("http://{}{path}", self.server)).send().await?;
        match response.status() {
            StatusCode::OK => Ok(response.text().await?),
            status @ (StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) => {
                Err(ApiError::Busy { status, retry_after: retry_after(response.headers()) })
            }
            status => Err(ApiError::Refused(status)),
        }
    }
}

/// Hint in `Retry-After`: a number of seconds or a date (RFC 9110, 10.2.3). Any other text is
/// ignored.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?;
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    // A date in the past means: come back at once.
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}
