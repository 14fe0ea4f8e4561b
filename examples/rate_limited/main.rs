//! A client that comes back at the time that the server names: `Retry-After`, from the header of a
//! real HTTP answer to the delay of a `#[retry]`.
//!
//! `client.rs` is the code that a user would write: read it first. `server.rs` answers by script
//! and records the time of each request. At the end the program checks the records, and exits with
//! an error if a request came too early, or if there was one too many.

mod client;
mod server;

use std::process::ExitCode;
use std::time::Duration;

use axum::http::StatusCode;

use client::{Api, ApiError};
use server::{Answer, Server, Visit};

const TOO_MANY: StatusCode = StatusCode::TOO_MANY_REQUESTS;
const UNAVAILABLE: StatusCode = StatusCode::SERVICE_UNAVAILABLE;

/// One request of the user, the answers of the server, and the expected result.
struct Chapter {
    title: &'static str,
    path: &'static str,
    answers: Vec<Answer>,
    requests: usize,
    is_as_promised: fn(&Result<String, ApiError>) -> bool,
}

fn script() -> Vec<Chapter> {
    vec![
        Chapter {
            title: "too many requests, come back in a second; twice",
            path: "/search",
            answers: vec![Answer::Seconds(TOO_MANY, 1), Answer::Seconds(UNAVAILABLE, 1)],
            requests: 3,
            is_as_promised: Result::is_ok,
        },
        Chapter {
            title: "come back at a date",
            path: "/export",
            answers: vec![Answer::Date(UNAVAILABLE, 2)],
            requests: 2,
            is_as_promised: Result::is_ok,
        },
        Chapter {
            title: "not now, without a time: the delays are the client's own",
            path: "/orders",
            answers: vec![Answer::Busy(UNAVAILABLE), Answer::Busy(UNAVAILABLE)],
            requests: 3,
            is_as_promised: Result::is_ok,
        },
        Chapter {
            title: "come back in a minute: longer than the limit of 5 s, so there is no wait",
            path: "/report",
            answers: vec![Answer::Seconds(UNAVAILABLE, 60)],
            requests: 1,
            is_as_promised: |result| {
                const MINUTE: Option<Duration> = Some(Duration::from_secs(60));
                matches!(result, Err(ApiError::Busy { status: UNAVAILABLE, retry_after: MINUTE }))
            },
        },
        Chapter {
            title: "always too many: a hint allows no more than the four attempts",
            path: "/stream",
            answers: vec![Answer::Seconds(TOO_MANY, 0); 9],
            requests: 4,
            is_as_promised: |result| matches!(result, Err(ApiError::Busy { status: TOO_MANY, .. })),
        },
        Chapter {
            title: "forbidden: the next answer would be the same",
            path: "/admin",
            answers: vec![Answer::Refused(StatusCode::FORBIDDEN)],
            requests: 1,
            is_as_promised: |result| {
                matches!(result, Err(ApiError::Refused(StatusCode::FORBIDDEN)))
            },
        },
    ]
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let script = script();
    let server =
        Server::start(script.iter().map(|chapter| (chapter.path, chapter.answers.clone()))).await?;
    let api = Api::new(server.address())?;
    let mut broken = Vec::new();
    for chapter in &script {
        println!("\n{}", chapter.title);
        let result = api.get(chapter.path).await;
        match &result {
            Ok(text) => println!("             the caller gets: {text}"),
            Err(error) => println!("             the caller gets: {error}"),
        }
        broken.extend(chapter.broken_promises(&result, &server.visits(chapter.path)));
    }
    if broken.is_empty() {
        println!("\nNo request came before its time, and there was none too many.");
        return Ok(ExitCode::SUCCESS);
    }
    for promise in broken {
        eprintln!("\nbroken: {promise}");
    }
    Ok(ExitCode::FAILURE)
}

impl Chapter {
    fn broken_promises(&self, result: &Result<String, ApiError>, visits: &[Visit]) -> Vec<String> {
        let mut broken = Vec::new();
        if !(self.is_as_promised)(result) {
            broken.push(format!("{}: the caller got {result:?}", self.path));
        }
        if visits.len() != self.requests {
            broken.push(format!(
                "{}: {} requests instead of {}",
                self.path,
                visits.len(),
                self.requests
            ));
        }
        for pair in visits.windows(2) {
            if let [Visit { not_before: Some(not_before), .. }, Visit { came, .. }] = pair
                && came < not_before
            {
                broken.push(format!(
                    "{}: a request came {:?} too early",
                    self.path,
                    *not_before - *came
                ));
            }
        }
        broken
    }
}
