//! Services that fail by script: real HTTP servers on loopback, each on a thread of its own.

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt;
use futures_util::stream;
use tokio::net::{TcpListener, TcpStream};

/// Behaviour of a server towards the calls that reach it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Answers.
    None,
    /// Answers after a delay.
    Slow(Duration),
    /// Answers every eighth call with 503.
    Flaky,
    /// Answers one call with 503, and the next call not at all.
    Down,
    /// Accepts the call and never answers.
    Silent,
    /// Resets the connection in the middle of every other answer.
    Reset,
}

/// A running server, and the requests that have reached it.
pub(crate) struct Server {
    name: &'static str,
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    fault: Mutex<Fault>,
    /// Time of the attempt behind each request, as the client sent it in a header.
    requests: Mutex<Vec<Duration>>,
}

impl Server {
    pub(crate) fn start(name: &'static str) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared =
            Arc::new(Shared { fault: Mutex::new(Fault::None), requests: Mutex::default() });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        std::thread::spawn(move || {
            runtime.block_on(async {
                // With zero linger, closing a connection in the middle of an answer resets it.
                let reset_when_closed = |stream: &mut TcpStream| {
                    if let Err(error) = stream.set_zero_linger() {
                        eprintln!("connections will be closed, not reset: {error}");
                    }
                };
                let listener = TcpListener::from_std(listener)?.tap_io(reset_when_closed);
                axum::serve(listener, router).await
            })
        });
        Ok(Self { name, address, shared })
    }

    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn set(&self, fault: Fault) {
        *self.shared.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// Time of the attempt behind each request that reached the server.
    pub(crate) fn requests(&self) -> Vec<Duration> {
        self.shared.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn answer(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let attempted =
        headers.get("x-attempted-at").and_then(|value| value.to_str().ok()?.parse().ok());
    let Some(attempted) = attempted.map(Duration::from_nanos) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let nth = {
        let mut requests = shared.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.push(attempted);
        requests.len()
    };
    let fault = *shared.fault.lock().unwrap_or_else(PoisonError::into_inner);
    match fault {
        Fault::Flaky if nth % 8 == 0 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Fault::Down if nth % 2 == 0 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Fault::Down | Fault::Silent => pending().await,
        Fault::Reset if nth % 2 == 0 => break_off(),
        Fault::Slow(by) => {
            tokio::time::sleep(by).await;
            "done".into_response()
        }
        Fault::None | Fault::Flaky | Fault::Reset => "done".into_response(),
    }
}

/// Half an answer, after which the connection breaks.
fn break_off() -> Response {
    let half = Ok(Bytes::from_static(b"half of the ans"));
    let body = Body::from_stream(stream::iter([
        half,
        Err(io::Error::from(io::ErrorKind::ConnectionReset)),
    ]));
    ([("content-length", "30")], body).into_response()
}
