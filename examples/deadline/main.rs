//! Sends the time that is left with each request, in a header; the services downstream keep to it.
//!
//! A client calls a `front` service, and `front` calls a `worker`, which takes half a second for
//! its ten steps. The client has less time. If the client sends its time, both services stop when
//! no caller waits any more. If it does not, the worker finishes an answer that no caller reads.
//! `hop.rs` is the code that both sides of the wire need. The program exits with an error if a
//! service behaves otherwise.

mod hop;

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use reqwest::Client;
use resilience::{remaining, timeout, with_deadline};
use tokio::net::TcpListener;
use tokio::time::sleep;

const STEPS: u32 = 10;
const STEP: Duration = Duration::from_millis(50);

#[derive(Debug, thiserror::Error)]
enum CallError {
    #[error("no answer: {0}")]
    Http(#[from] reqwest::Error),
    #[error("{0}")]
    Resilience(#[from] resilience::Error),
}

/// Times that the services have received, and the steps that they have done.
#[derive(Default)]
struct Seen {
    /// Milliseconds in the header; zero for none.
    front: AtomicU32,
    worker: AtomicU32,
    steps: AtomicU32,
}

#[derive(Clone)]
struct Service {
    client: Client,
    worker: SocketAddr,
    seen: Arc<Seen>,
}

/// Its own limit is long: the client's time applies.
#[timeout(5s)]
async fn work(seen: &Seen) -> Result<(), CallError> {
    for _ in 0..STEPS {
        sleep(STEP).await;
        seen.steps.fetch_add(1, SeqCst);
    }
    Ok(())
}

#[timeout(5s)]
async fn ask_the_worker(service: &Service) -> Result<(), CallError> {
    hop::get(&service.client, service.worker).await
}

async fn worker(State(service): State<Service>, headers: HeaderMap) -> StatusCode {
    service.seen.worker.store(hop::milliseconds(&headers).unwrap_or_default(), SeqCst);
    serve(&headers, async move { work(&service.seen).await }).await
}

async fn front(State(service): State<Service>, headers: HeaderMap) -> StatusCode {
    service.seen.front.store(hop::milliseconds(&headers).unwrap_or_default(), SeqCst);
    serve(&headers, async move { ask_the_worker(&service).await }).await
}

/// Runs the work in a task of its own, so that no work is left half done when the connection
/// breaks. The task has the deadline that came with the request.
async fn serve<F>(headers: &HeaderMap, work: F) -> StatusCode
where
    F: Future<Output = Result<(), CallError>> + Send + 'static,
{
    match tokio::spawn(with_deadline(hop::deadline(headers), work)).await {
        Ok(Ok(())) => StatusCode::OK,
        Ok(Err(CallError::Resilience(_))) => StatusCode::GATEWAY_TIMEOUT,
        Ok(Err(CallError::Http(_))) => StatusCode::BAD_GATEWAY,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Client that sends the time that it will wait.
#[timeout(limit)]
async fn client_with_header(
    client: &Client,
    front: SocketAddr,
    limit: Duration,
) -> Result<(), CallError> {
    hop::get(client, front).await
}

/// Client that waits as long, and does not send the time.
#[timeout(limit)]
async fn client_without_header(
    client: &Client,
    front: SocketAddr,
    limit: Duration,
) -> Result<(), CallError> {
    client.get(format!("http://{front}/")).send().await?.error_for_status()?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let client = Client::builder().no_proxy().build()?;
    let seen = Arc::new(Seen::default());
    let listeners =
        [TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?];
    let [front_address, worker_address] = [listeners[0].local_addr()?, listeners[1].local_addr()?];
    let service =
        Service { client: client.clone(), worker: worker_address, seen: Arc::clone(&seen) };
    let [front_listener, worker_listener] = listeners;
    let front = Router::new().route("/", get(front)).with_state(service.clone());
    let worker = Router::new().route("/", get(worker)).with_state(service);
    tokio::spawn(async { axum::serve(front_listener, front).await });
    tokio::spawn(async { axum::serve(worker_listener, worker).await });

    let mut promises = Vec::new();
    let long = Duration::from_secs(4);
    let short = STEP * 4;

    let answer = client_with_header(&client, front_address, long).await;
    let record = report("a client with enough time", &answer, &seen).await;
    promises.push((answer.is_ok() && record.steps == STEPS, "with enough time the work was done"));
    promises.push((
        record.worker > 0
            && record.worker <= record.front
            && u128::from(record.front) <= long.as_millis(),
        "less time was left at each hop",
    ));

    let answer = client_with_header(&client, front_address, short).await;
    let record = report("a client in a hurry that sends its time", &answer, &seen).await;
    promises.push((
        answer.is_err() && record.steps < STEPS,
        "with too little time, the worker stopped early",
    ));

    let answer = client_without_header(&client, front_address, short).await;
    let record = report("a client in a hurry that sends no time", &answer, &seen).await;
    promises.push((
        answer.is_err() && record.front == 0 && record.steps == STEPS,
        "without a deadline, the worker finished an answer that no caller read",
    ));

    println!();
    for (kept, promise) in &promises {
        println!("{} {promise}", if *kept { "kept  " } else { "BROKEN" });
    }
    Ok(if promises.iter().all(|(kept, _)| *kept) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Time that each service received for one request, and the steps that were done.
struct Record {
    front: u32,
    worker: u32,
    steps: u32,
}

/// Waits until the worker has had time for all its steps, and prints what it did.
async fn report(who: &str, answer: &Result<(), CallError>, seen: &Seen) -> Record {
    assert_eq!(remaining(), None, "the client's deadline is over with its call");
    sleep(STEP * (STEPS + 6)).await;
    let record = Record {
        front: seen.front.swap(0, SeqCst),
        worker: seen.worker.swap(0, SeqCst),
        steps: seen.steps.swap(0, SeqCst),
    };
    let answer = match answer {
        Ok(()) => String::from("answered"),
        Err(error) => error.to_string(),
    };
    let milliseconds =
        |time: u32| if time == 0 { String::from("nothing") } else { format!("{time} ms") };
    println!("{who}: {answer}");
    println!(
        "    front received {}, worker {}; {} of {STEPS} steps were done",
        milliseconds(record.front),
        milliseconds(record.worker),
        record.steps
    );
    record
}
