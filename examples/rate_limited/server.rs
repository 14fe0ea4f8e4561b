//! A real HTTP server on loopback, which names a time to come back, and records each request.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use axum::Router;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

/// Answer of the server to one request.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    /// Not now, without a time.
    Busy(StatusCode),
    /// Not for this number of seconds.
    Seconds(StatusCode, u64),
    /// Not before a date: the last whole second within this number of seconds.
    Date(StatusCode, u64),
    /// Never.
    Refused(StatusCode),
}

pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    started: Instant,
    /// Answers for each path, in order; later answers are 200.
    script: HashMap<&'static str, Vec<Answer>>,
    visits: Mutex<HashMap<String, Vec<Visit>>>,
}

/// An answered request.
#[derive(Clone, Copy)]
pub(crate) struct Visit {
    pub(crate) came: Instant,
    /// Time before which the next request should not come.
    pub(crate) not_before: Option<Instant>,
}

impl Server {
    /// Serves until the program ends.
    pub(crate) async fn start(
        script: impl IntoIterator<Item = (&'static str, Vec<Answer>)>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let script = script.into_iter().collect();
        let shared = Arc::new(Shared { started: Instant::now(), script, visits: Mutex::default() });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, shared })
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Requests for one path.
    pub(crate) fn visits(&self, path: &str) -> Vec<Visit> {
        self.shared.visits().get(path).cloned().unwrap_or_default()
    }
}

impl Shared {
    fn visits(&self) -> MutexGuard<'_, HashMap<String, Vec<Visit>>> {
        self.visits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let came = Instant::now();
    let path = uri.path();
    let mut visits = shared.visits();
    let visits = visits.entry(path.to_owned()).or_default();
    let answer = shared.script.get(path).and_then(|answers| answers.get(visits.len())).copied();
    let (status, retry_after, wait) = match answer {
        None => (StatusCode::OK, None, None),
        Some(Answer::Busy(status) | Answer::Refused(status)) => (status, None, None),
        Some(Answer::Seconds(status, seconds)) => {
            (status, Some(seconds.to_string()), Some(Duration::from_secs(seconds)))
        }
        Some(Answer::Date(status, seconds)) => {
            let (date, wait) = whole_second_within(Duration::from_secs(seconds));
            (status, Some(date), Some(wait))
        }
    };
    visits.push(Visit { came, not_before: wait.map(|wait| came + wait) });
    let said =
        retry_after.as_ref().map_or_else(String::new, |word| format!(", Retry-After: {word}"));
    println!("{:>9.3} s  {path} → {status}{said}", (came - shared.started).as_secs_f64());
    match retry_after {
        Some(word) => (status, [(RETRY_AFTER, word)]).into_response(),
        None => (status, "here it is").into_response(),
    }
}

/// Last whole second within this time, as HTTP writes it, and the time until then.
fn whole_second_within(time: Duration) -> (String, Duration) {
    let now = SystemTime::now();
    let since_epoch = (now + time).duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let date = SystemTime::UNIX_EPOCH + Duration::from_secs(since_epoch.as_secs());
    (httpdate::fmt_http_date(date), date.duration_since(now).unwrap_or_default())
}
