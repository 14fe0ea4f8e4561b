//! How much time is left goes with the request, in a header, and the services downstream keep to it.
//!
//! A client asks a `front` service, and that asks a `worker`, which takes half a second for its ten steps. The client has less than that. Where it says
//! so, both services stop when nobody waits any more; where it does not, the worker finishes what nobody will read. `hop.rs` is what both
//! sides of the wire need. Exits non-zero if a service did not do what is told here.

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
    #[error(transparent)]
    Resilience(#[from] resilience::Error),
}

/// What the services have been told and have done.
#[derive(Default)]
struct Seen {
    /// The milliseconds that came in the header; zero for none.
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

/// Its own limit is far off: it is the client's time that counts.
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

/// Works in a task of its own, so that nothing is left half done when the connection breaks; but under the deadline that came with the request.
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

/// A client that says how long it will wait.
#[timeout(limit)]
async fn client_that_tells(client: &Client, front: SocketAddr, limit: Duration) -> Result<(), CallError> {
    hop::get(client, front).await
}

/// One that does not, and waits no longer.
#[timeout(limit)]
async fn client_that_does_not(client: &Client, front: SocketAddr, limit: Duration) -> Result<(), CallError> {
    client.get(format!("http://{front}/")).send().await?.error_for_status()?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let client = Client::builder().no_proxy().build()?;
    let seen = Arc::new(Seen::default());
    let listeners = [TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?];
    let [front_address, worker_address] = [listeners[0].local_addr()?, listeners[1].local_addr()?];
    let service = Service { client: client.clone(), worker: worker_address, seen: Arc::clone(&seen) };
    let [front_listener, worker_listener] = listeners;
    let front = Router::new().route("/", get(front)).with_state(service.clone());
    let worker = Router::new().route("/", get(worker)).with_state(service);
    tokio::spawn(async { axum::serve(front_listener, front).await });
    tokio::spawn(async { axum::serve(worker_listener, worker).await });

    let mut promises = Vec::new();
    let long = Duration::from_secs(4);
    let short = STEP * 4;

    let answer = client_that_tells(&client, front_address, long).await;
    let told = report("a client with time enough", &answer, &seen).await;
    promises.push((answer.is_ok() && told.steps == STEPS, "with time enough the work was done"));
    promises.push((
        told.worker > 0 && told.worker <= told.front && u128::from(told.front) <= long.as_millis(),
        "at each hop there was less time left",
    ));

    let answer = client_that_tells(&client, front_address, short).await;
    let told = report("a client in a hurry that says so", &answer, &seen).await;
    promises.push((answer.is_err() && told.steps < STEPS, "told that there was no time, the worker stopped"));

    let answer = client_that_does_not(&client, front_address, short).await;
    let told = report("a client in a hurry that does not", &answer, &seen).await;
    promises.push((
        answer.is_err() && told.front == 0 && told.steps == STEPS,
        "not told, it finished what nobody was to read",
    ));

    println!();
    for (kept, promise) in &promises {
        println!("{} {promise}", if *kept { "kept  " } else { "BROKEN" });
    }
    Ok(if promises.iter().all(|(kept, _)| *kept) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What the two services were told and did for one request.
struct Told {
    front: u32,
    worker: u32,
    steps: u32,
}

/// Waits until the worker has had time for all of its steps, and prints what it did.
async fn report(who: &str, answer: &Result<(), CallError>, seen: &Seen) -> Told {
    assert_eq!(remaining(), None, "the client's deadline is over with its call");
    sleep(STEP * (STEPS + 6)).await;
    let told = Told {
        front: seen.front.swap(0, SeqCst),
        worker: seen.worker.swap(0, SeqCst),
        steps: seen.steps.swap(0, SeqCst),
    };
    let answer = match answer {
        Ok(()) => String::from("answered"),
        Err(error) => error.to_string(),
    };
    let milliseconds = |told: u32| if told == 0 { String::from("nothing") } else { format!("{told} ms") };
    println!("{who}: {answer}");
    println!(
        "    front was told {}, worker {}; {} of {STEPS} steps were done",
        milliseconds(told.front),
        milliseconds(told.worker),
        told.steps
    );
    told
}
