//! A key as other languages spell it: in camel case, with a prefix `with_`, with its unit.

use std::time::Duration;

/// Endings that give the unit of a number.
const MILLIS: [&str; 7] =
    ["_in_milliseconds", "_milliseconds", "_in_millis", "_millis", "_in_ms", "_msec", "_ms"];
const SECONDS: [&str; 6] = ["_in_seconds", "_in_secs", "_seconds", "_secs", "_sec", "_s"];
const MINUTES: [&str; 3] = ["_in_minutes", "_minutes", "_mins"];

/// A key in our spelling.
pub(super) struct Spelling {
    pub(super) text: String,
    /// The unit of the value, if the key gives it.
    pub(super) unit: Option<Duration>,
}

/// The key as it is, and then without its unit.
pub(super) fn spellings(key: &str) -> Vec<Spelling> {
    let snake = snake_case(key);
    let text = snake.strip_prefix("with_").unwrap_or(&snake).to_owned();
    let units = [(&MILLIS[..], 1), (&SECONDS[..], 1000), (&MINUTES[..], 60_000)];
    let without_unit = units.into_iter().find_map(|(endings, millis)| {
        let short = endings.iter().find_map(|ending| text.strip_suffix(ending))?;
        let unit = Some(Duration::from_millis(millis));
        (!short.is_empty()).then(|| Spelling { text: short.to_owned(), unit })
    });
    let as_it_is = Spelling { text, unit: None };
    std::iter::once(as_it_is).chain(without_unit).collect()
}

/// `failureRateThreshold` → `failure_rate_threshold`
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut after_small = false;
    for letter in name.trim_start_matches("r#").chars() {
        if letter.is_uppercase() && after_small {
            snake.push('_');
        }
        after_small = letter.is_lowercase() || letter.is_ascii_digit();
        snake.extend(letter.to_lowercase());
    }
    snake
}
