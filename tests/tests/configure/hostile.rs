//! Files that are too large, without end, no files at all, blank, or full of mistakes.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use resilience::config::Diagnostic;
use resilience::{Event, registry};
use resilience_tests::EventLog;
use tokio::time::sleep;

use crate::file::{alone, configure, refused};
use crate::program::POOL;

const FIVE_SLOTS: &str = "[bulkhead.payment]\nmax_concurrent = 5\n";

/// A path in the directory for temporary files. What is there is removed at the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Self {
        let name = format!("resilience-hostile-{}-{name}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn file(name: &str, text: &str) -> Self {
        let file = Self::new(name);
        fs::write(&file.0, text).expect("the directory is there");
        file
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

fn slots() -> u32 {
    POOL.snapshot().max_concurrent
}

#[tokio::test]
async fn of_many_mistakes_the_first_are_shown_and_the_others_counted() {
    let _alone = alone().await;
    let lines = (0..50_000).map(|line| format!("k{line} = 1\n"));
    let error = registry().configure(&lines.collect::<String>()).expect_err("unknown tables");
    assert_eq!((error.diagnostics().len(), error.omitted()), (100, 49_900));
    let places: Vec<_> = error.diagnostics().iter().map(Diagnostic::line).collect();
    assert_eq!(places, (1..=100).collect::<Vec<_>>());
    let text = error.to_string();
    assert!(text.ends_with("\n  … and 49900 more"), "{text}");
    assert!(text.len() < 20_000, "{}", text.len());
}

#[tokio::test]
async fn mistakes_in_any_order_are_placed() {
    let _alone = alone().await;
    let text = "zz = 1\n[bulkhead.nobody]\n[bulkhead.payment]\n'é' = 1\nmax_concurrent = 0\n";
    let places: Vec<_> = refused(text)
        .iter()
        .map(|mistake| mistake.splitn(3, ':').take(2).collect::<Vec<_>>().join(":"))
        .collect();
    assert_eq!(places, ["1:1", "2:11", "4:1", "5:18"]);
}

#[tokio::test]
async fn a_long_name_is_cut_in_a_message() {
    let _alone = alone().await;
    let long = "é".repeat(10_000);
    for text in [
        format!("'{long}' = 1"),
        format!("[bulkhead.'{long}']"),
        format!("[bulkhead.payment]\n'{long}' = 1"),
        format!("[retry.standard]\nbase_delay = '{long}'"),
        format!("[retry.standard]\njitter = '{long}'"),
        format!("[retry.standard]\nbase_delay = 1{}", "0".repeat(10_000)),
        format!("[circuit_breaker.payment]\nopen_backoff = {{ '{long}' = 1 }}"),
    ] {
        for mistake in refused(&text) {
            assert!(mistake.chars().count() < 1_000, "{mistake}");
        }
    }
}

#[tokio::test]
async fn a_text_or_file_beyond_the_limit_is_refused() {
    let _alone = alone().await;
    let text = format!("{FIVE_SLOTS}{}", "#".repeat(1 << 20));
    let [mistake] = &refused(&text)[..] else { panic!("one mistake") };
    assert!(mistake.starts_with("1:1: it is larger than 1048576 bytes: "), "{mistake}");
    let file = Temporary::file("large", &text);
    let error = registry().configure_from_path(&file.0).expect_err("too large");
    assert!(error.to_string().contains("it is larger than 1048576 bytes"), "{error}");
    registry().set_max_configuration_size(2 << 20);
    let larger = registry().configure_from_path(&file.0);
    registry().set_max_configuration_size(1 << 20);
    assert!(larger.is_ok(), "{larger:?}");
    assert_eq!(slots(), 5);
}

#[tokio::test]
#[cfg(unix)]
async fn only_regular_files_are_read() {
    let _alone = alone().await;
    let pipe = Temporary::new("pipe");
    let made = Command::new("mkfifo").arg(&pipe.0).status().expect("mkfifo runs");
    assert!(made.success());
    let paths = [pipe.0.clone(), PathBuf::from("/dev/zero"), std::env::temp_dir()];
    for path in paths {
        let error = registry().configure_from_path(&path).expect_err("no regular file");
        assert!(error.to_string().ends_with("it is not a regular file"), "{error}");
        let watch = registry().watch(&path, Duration::from_secs(1), |_| {});
        assert!(watch.is_err(), "{}", path.display());
    }
}

#[tokio::test]
async fn a_blank_file_after_limits_is_refused_and_a_comment_is_not() {
    let _alone = alone().await;
    let file = Temporary::file("blank", FIVE_SLOTS);
    registry().configure_from_path(&file.0).expect("a good file");
    for blank in ["", " \n\t\n"] {
        fs::write(&file.0, blank).expect("it can be written");
        let error = registry().configure_from_path(&file.0).expect_err("a blank file");
        assert!(error.to_string().contains("the file is blank"), "{error}");
        assert_eq!(slots(), 5);
    }
    fs::write(&file.0, "# the limits of the code\n").expect("it can be written");
    registry().configure_from_path(&file.0).expect("a comment");
    assert_eq!(slots(), 2);
}

#[tokio::test]
async fn a_check_changes_nothing() {
    let _alone = alone().await;
    assert!(registry().check_configuration(FIVE_SLOTS).is_ok());
    assert_eq!(slots(), 2);
    let error = registry().check_configuration("[bulkhead.nobody]").expect_err("a typo");
    assert_eq!(error.diagnostics().len(), 1);
    assert_eq!(registry().health().configuration.refused, None, "it was not meant to be applied");
}

#[tokio::test]
async fn health_and_events_show_the_version_in_force() {
    let _alone = alone().await;
    let before = registry().health().configuration.version;
    let log = EventLog::of(|event| Some(event.clone()));
    let file = Temporary::file("version", FIVE_SLOTS);
    let path = file.0.display().to_string();
    registry().configure_from_path(&file.0).expect("a good file");
    fs::write(&file.0, "[bulkhead.payment]\nmax_concurrent = 0\n").expect("it can be written");
    let error = registry().configure_from_path(&file.0).expect_err("no slots").to_string();
    let configuration = registry().health().configuration;
    assert_eq!((configuration.version, configuration.file), (before + 1, Some(path.clone())));
    assert_eq!(configuration.refused.as_ref(), Some(&error));
    POOL.resize(7);
    POOL.resize(7);
    POOL.undo_resize();
    let events = log.take().into_iter().filter_map(|event| match event {
        Event::ConfigurationApplied { version, file, .. } => {
            Some(format!("applied {} {}", version - before, file == Some(path.clone())))
        }
        Event::ConfigurationRefused { file, error: reasons, .. } => {
            Some(format!("refused {} {}", file == Some(path.clone()), reasons == error))
        }
        Event::BulkheadResized { name, from, to, .. } => Some(format!("{name} {from} {to}")),
        _ => None,
    });
    assert_eq!(
        events.collect::<Vec<_>>(),
        ["applied 1 true", "refused true true", "payment 5 7", "payment 7 5"]
    );
    configure("");
    assert_eq!(registry().health().configuration.refused, None);
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("on purpose");
    }
}

#[tokio::test(start_paused = true)]
async fn a_watch_survives_a_panic_whose_payload_panics() {
    let _alone = alone().await;
    let second = Duration::from_secs(1);
    let file = Temporary::file("payload", "");
    let calls = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&calls);
    let watch = registry().watch(&file.0, second, move |_| {
        *counted.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        std::panic::panic_any(Bomb);
    });
    let _watch = watch.expect("a good file");
    for limit in [6, 7] {
        let text = format!("[bulkhead.payment]\nmax_concurrent = {limit}\n");
        fs::write(&file.0, text).expect("it can be written");
        sleep(5 * second).await;
        assert_eq!(slots(), limit);
    }
    assert_eq!(*calls.lock().unwrap_or_else(PoisonError::into_inner), 2);
}
