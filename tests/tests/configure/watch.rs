//! A file that is read again when it changes.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use resilience::{ConfigError, Watch, registry};
use tokio::time::sleep;

use crate::file::alone;
use crate::program::POOL;

const INTERVAL: Duration = Duration::from_secs(1);

/// A file of its own, watched; what was told is kept.
struct Subject {
    path: PathBuf,
    told: Arc<Mutex<Vec<String>>>,
}

impl Subject {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("resilience-{}-{name}.toml", std::process::id()));
        fs::write(&path, text).expect("the directory is there");
        Self { path, told: Arc::default() }
    }

    fn watch(&self) -> Result<Watch, ConfigError> {
        let told = Arc::clone(&self.told);
        registry().watch(&self.path, INTERVAL, move |outcome| {
            let outcome = outcome.map_or_else(|error| error.to_string(), |()| String::from("taken"));
            told.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
        })
    }

    fn write(&self, text: &str) {
        fs::write(&self.path, text).expect("the directory is there");
    }

    /// What is told within some looks.
    async fn told(&self) -> Vec<String> {
        sleep(5 * INTERVAL).await;
        std::mem::take(&mut *self.told.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.path));
    }
}

fn places() -> u32 {
    POOL.snapshot().max_concurrent
}

#[tokio::test(start_paused = true)]
async fn a_change_is_applied_and_reported() {
    let _alone = alone().await;
    let file = Subject::new("change", "[bulkhead.payment]\nmax_concurrent = 5\n");
    let _watch = file.watch().expect("a good file");
    assert_eq!(places(), 5, "at once");
    assert!(file.told().await.is_empty(), "nothing has changed");
    file.write("[bulkhead.payment]\nmax_concurrent = 6\n");
    assert_eq!(file.told().await, ["taken"]);
    assert_eq!(places(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_broken_file_changes_nothing_and_is_reported_once() {
    let _alone = alone().await;
    let file = Subject::new("broken", "[bulkhead.payment]\nmax_concurrent = 5\n");
    let _watch = file.watch().expect("a good file");
    file.write("[bulkhead.payment]\nmax_concurrent = 0\n");
    let told = file.told().await;
    let [told] = &told[..] else { panic!("told once, not {told:?}") };
    assert!(told.contains("line 2, column 18: max_concurrent must be at least 1"), "{told}");
    assert!(told.contains(&*file.path.to_string_lossy()), "{told}");
    assert_eq!(places(), 5);
    file.write("[bulkhead.payment]\nmax_concurrent = 8\n");
    assert_eq!(file.told().await, ["taken"]);
    assert_eq!(places(), 8);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_disappears_and_comes_back_is_reported() {
    let _alone = alone().await;
    let text = "[bulkhead.payment]\nmax_concurrent = 5\n";
    let file = Subject::new("gone", text);
    let _watch = file.watch().expect("a good file");
    fs::remove_file(&file.path).expect("it was there");
    let told = file.told().await;
    let [told] = &told[..] else { panic!("told once, not {told:?}") };
    assert!(told.contains("can't be read, nothing has changed"), "{told}");
    assert_eq!(places(), 5);
    file.write(text);
    assert_eq!(file.told().await, ["taken"]);
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
        assert_eq!(places(), 5, "seen once");
    }
    assert_eq!(file.told().await, ["taken"]);
    assert_eq!(places(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_wrong_at_first_is_not_watched() {
    let _alone = alone().await;
    let file = Subject::new("wrong", "[bulkhead.nobody]\n");
    let error = file.watch().expect_err("a wrong file");
    assert_eq!(error.path(), Some(&*file.path));
    file.write("[bulkhead.payment]\nmax_concurrent = 6\n");
    assert!(file.told().await.is_empty());
    assert_eq!(places(), 2);
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
    assert!(file.told().await.is_empty());
    assert_eq!(places(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_the_callback_does_not_end_the_watch() {
    let _alone = alone().await;
    let file = Subject::new("panic", "");
    let _watch = registry().watch(&file.path, INTERVAL, |_| panic!("on purpose")).expect("a good file");
    for places_now in [6, 7] {
        file.write(&format!("[bulkhead.payment]\nmax_concurrent = {places_now}\n"));
        sleep(5 * INTERVAL).await;
        assert_eq!(places(), places_now);
    }
}
