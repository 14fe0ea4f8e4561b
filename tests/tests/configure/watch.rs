//! A file that is applied again when it changes.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use resilience::config::{ConfigError, FileWatcher};
use resilience::registry;
use tokio::time::sleep;

use crate::file::alone;
use crate::program::POOL;

const INTERVAL: Duration = Duration::from_secs(1);

/// A watched file, and the reports of the watch.
struct Subject {
    path: PathBuf,
    reports: Arc<Mutex<Vec<String>>>,
}

impl Subject {
    fn new(name: &str, text: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("resilience-{}-{name}.toml", std::process::id()));
        fs::write(&path, text).expect("the directory is there");
        Self { path, reports: Arc::default() }
    }

    fn watch(&self) -> Result<FileWatcher, ConfigError> {
        let reports = Arc::clone(&self.reports);
        registry().watch(&self.path, INTERVAL, move |outcome| {
            let outcome =
                outcome.map_or_else(|error| error.to_string(), |()| String::from("applied"));
            reports.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
        })
    }

    fn write(&self, text: &str) {
        fs::write(&self.path, text).expect("the directory is there");
    }

    /// Waits until the file has been read several times, and returns the reports.
    async fn reports(&self) -> Vec<String> {
        sleep(5 * INTERVAL).await;
        std::mem::take(&mut *self.reports.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.path));
    }
}

fn slots() -> u32 {
    POOL.snapshot().max_concurrent
}

#[tokio::test(start_paused = true)]
async fn a_change_is_applied_and_reported() {
    let _alone = alone().await;
    let file = Subject::new("change", "[bulkhead.payment]\nmax_concurrent = 5\n");
    let _watch = file.watch().expect("a good file");
    assert_eq!(slots(), 5, "at once");
    assert!(file.reports().await.is_empty(), "nothing has changed");
    file.write("[bulkhead.payment]\nmax_concurrent = 6\n");
    assert_eq!(file.reports().await, ["applied"]);
    assert_eq!(slots(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_broken_file_changes_nothing_and_is_reported_once() {
    let _alone = alone().await;
    let file = Subject::new("broken", "[bulkhead.payment]\nmax_concurrent = 5\n");
    let _watch = file.watch().expect("a good file");
    file.write("[bulkhead.payment]\nmax_concurrent = 0\n");
    let reports = file.reports().await;
    let [report] = &reports[..] else { panic!("one report, not {reports:?}") };
    assert!(report.contains("line 2, column 18: `max_concurrent` must be at least 1"), "{report}");
    assert!(report.contains(&*file.path.to_string_lossy()), "{report}");
    assert_eq!(slots(), 5);
    file.write("[bulkhead.payment]\nmax_concurrent = 8\n");
    assert_eq!(file.reports().await, ["applied"]);
    assert_eq!(slots(), 8);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_disappears_and_comes_back_is_reported() {
    let _alone = alone().await;
    let text = "[bulkhead.payment]\nmax_concurrent = 5\n";
    let file = Subject::new("gone", text);
    let _watch = file.watch().expect("a good file");
    fs::remove_file(&file.path).expect("it was there");
    let reports = file.reports().await;
    let [report] = &reports[..] else { panic!("one report, not {reports:?}") };
    assert!(report.contains("can't be read, nothing has changed"), "{report}");
    assert_eq!(slots(), 5);
    file.write(text);
    assert_eq!(file.reports().await, ["applied"]);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_still_being_written_is_not_applied() {
    let _alone = alone().await;
    let file = Subject::new("written", "[bulkhead.payment]\nmax_concurrent = 5\n");
    let _watch = file.watch().expect("a good file");
    sleep(INTERVAL / 2).await;
    for part in ["", "[bulkhead.payment]\n", "[bulkhead.payment]\nmax_concurrent = 7\n"] {
        file.write(part);
        sleep(INTERVAL).await;
        assert_eq!(slots(), 5, "seen once");
    }
    assert_eq!(file.reports().await, ["applied"]);
    assert_eq!(slots(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_wrong_at_first_is_not_watched() {
    let _alone = alone().await;
    let file = Subject::new("wrong", "[bulkhead.nobody]\n");
    let error = file.watch().expect_err("a wrong file");
    assert_eq!(error.path(), Some(&*file.path));
    file.write("[bulkhead.payment]\nmax_concurrent = 6\n");
    assert!(file.reports().await.is_empty());
    assert_eq!(slots(), 2);
}

#[test]
#[should_panic(expected = "timers are disabled")]
fn watching_without_a_timer_panics() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let file = Subject::new("timers", "");
    runtime.block_on(async { drop(file.watch()) });
}

#[tokio::test(start_paused = true)]
async fn a_watch_ends_when_it_is_dropped() {
    let _alone = alone().await;
    let file = Subject::new("dropped", "");
    drop(file.watch().expect("a good file"));
    file.write("[bulkhead.payment]\nmax_concurrent = 6\n");
    assert!(file.reports().await.is_empty());
    assert_eq!(slots(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_the_callback_does_not_end_the_watch() {
    let _alone = alone().await;
    let file = Subject::new("panic", "");
    let _watch =
        registry().watch(&file.path, INTERVAL, |_| panic!("on purpose")).expect("a good file");
    for slots_now in [6, 7] {
        file.write(&format!("[bulkhead.payment]\nmax_concurrent = {slots_now}\n"));
        sleep(5 * INTERVAL).await;
        assert_eq!(slots(), slots_now);
    }
}
