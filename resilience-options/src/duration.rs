//! Durations as text: `500ms`, `1.5s`, `2min`, `1h`.

use std::fmt;
use std::time::Duration;

use crate::text;

/// Units and their length in nanoseconds, longest first.
const UNITS: [(&str, u128); 6] = [
    ("h", 3_600_000_000_000),
    ("min", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// Names of the units, shortest first, as messages list them.
pub const UNIT_NAMES: [&str; 6] = ["ns", "us", "ms", "s", "min", "h"];

/// Each unit's name to write, and the names that people write instead.
const OTHER_NAMES: [(&str, &[&str]); 5] = [
    ("us", &["µs", "μs", "micros", "microseconds"]),
    ("ms", &["millis", "msec", "milliseconds"]),
    ("s", &["sec", "secs", "second", "seconds"]),
    ("min", &["mins", "minute", "minutes"]),
    ("h", &["hr", "hrs", "hour", "hours"]),
];

/// Reason why a text is no duration. Displayed as a sentence that says what to write in code. The
/// alternate form (`{:#}`) is for a file, where durations are in quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "only this workspace uses it")]
pub enum DurationError {
    /// Text that is not a number with a unit.
    NotADuration(String),
    /// Number without a unit.
    MissingUnit(String),
    /// Number with a unit that does not exist.
    UnknownUnit {
        /// The number.
        number: String,
        /// The unit.
        unit: String,
    },
    /// Negative number.
    Negative,
    /// Duration that does not fit in a [`Duration`].
    TooLong,
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = if f.alternate() { "\"" } else { "" };
        let write = |number: &str, unit: &str| format!("`{quote}{number}{unit}{quote}`");
        match self {
            Self::NotADuration(text) => {
                let [ms, s, min] = [write("500", "ms"), write("1.5", "s"), write("2", "min")];
                write!(
                    f,
                    "`{text}` is no duration: write a number and its unit, as in {ms}, {s} or {min}"
                )
            }
            Self::MissingUnit(number) => {
                let [s, ms, min] = ["s", "ms", "min"].map(|unit| write(number, unit));
                write!(f, "`{number}` has no unit: write {s}, {ms} or {min}")
            }
            Self::UnknownUnit { number, unit } if unit == "m" => {
                let [min, ms] = ["min", "ms"].map(|unit| write(number, unit));
                write!(f, "`m` is no unit of time: write {min} for minutes, {ms} for milliseconds")
            }
            Self::UnknownUnit { number, unit } => {
                if let Some(sum) = compound(number, unit) {
                    let text = format(sum);
                    if unit.chars().all(char::is_alphabetic) {
                        let write = format!("write `{quote}{text}{quote}`");
                        return write!(f, "`{unit}` is no unit of time: {write}");
                    }
                    return write!(f, "a duration has one unit: write `{quote}{text}{quote}`");
                }
                write!(f, "`{unit}` is no unit of time: ")?;
                match meant_unit(unit) {
                    Some(meant) => write!(f, "write {}", write(number, meant)),
                    None => write!(f, "the units are {}", text::list(&UNIT_NAMES)),
                }
            }
            Self::Negative => f.write_str("a duration can't be negative"),
            Self::TooLong => {
                f.write_str("this duration does not fit in a `Duration`: write a shorter one")
            }
        }
    }
}

impl std::error::Error for DurationError {}

/// Returns true for a unit, and for a name that people write in place of one.
#[must_use]
pub fn is_like_a_unit(unit: &str) -> bool {
    let is_other = OTHER_NAMES.iter().any(|(_, others)| others.contains(&unit));
    is_other || UNIT_NAMES.contains(&unit) || part(1, unit).is_some() && !unit.contains('_')
}

/// Reads `1h30m` and `1d`, which are no durations here.
fn compound(number: &str, unit: &str) -> Option<Duration> {
    let text = format!("{number}{unit}");
    let (mut sum, mut parts, mut rest) = (Duration::ZERO, 0, text.as_str());
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).filter(|end| *end > 0)?;
        let (number, behind) = rest.split_at(end);
        let end = behind.find(|c: char| c.is_ascii_digit()).unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(end);
        sum = sum.checked_add(part(number.parse().ok()?, unit)?)?;
        (parts, rest) = (parts + 1, behind);
    }
    let is_days = unit.starts_with('d') || unit.starts_with('w');
    (parts > 1 || is_days).then_some(sum)
}

fn part(number: u64, unit: &str) -> Option<Duration> {
    let seconds = match unit {
        "w" | "week" | "weeks" => 604_800,
        "d" | "day" | "days" => 86_400,
        "m" => 60,
        other => {
            let unit =
                UNITS.iter().find(|(name, _)| *name == meant_unit(other).unwrap_or(other))?;
            let nanos = u64::try_from(unit.1).ok()?;
            return Some(Duration::from_nanos(number.checked_mul(nanos)?));
        }
    };
    Some(Duration::from_secs(number.checked_mul(seconds)?))
}

/// Returns the unit that was most likely meant.
fn meant_unit(unit: &str) -> Option<&'static str> {
    let other = OTHER_NAMES.iter().find(|(_, others)| others.contains(&unit));
    other.map(|(name, _)| *name).or_else(|| text::nearest(unit, &UNIT_NAMES))
}

/// Reads `500ms`. Digits beyond the nanosecond are cut off.
///
/// # Errors
///
/// [`DurationError`] if `text` is no duration.
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    if text.starts_with('-') {
        return Err(DurationError::Negative);
    }
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let is_number = number.starts_with(|c: char| c.is_ascii_digit()) && !number.ends_with('.');
    if !is_number || number.matches('.').count() > 1 {
        return Err(DurationError::NotADuration(text.to_owned()));
    }
    from_parts(number, unit.trim_start())
}

/// Reads a number such as `1.5` or `1e3` and its unit. Digits beyond the nanosecond are cut off.
///
/// # Errors
///
/// [`DurationError`] if the parts are no duration.
pub fn from_parts(number: &str, unit: &str) -> Result<Duration, DurationError> {
    if unit.is_empty() {
        return Err(DurationError::MissingUnit(number.to_owned()));
    }
    let Some((_, unit)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        let (number, unit) = (number.to_owned(), unit.to_owned());
        return Err(DurationError::UnknownUnit { number, unit });
    };
    if number.contains(['e', 'E']) {
        return from_scientific(number, *unit);
    }
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    // 20 digits of an hour are finer than a nanosecond, and the product below fits in a u128.
    let fraction = &fraction[..fraction.len().min(20)];
    let digits = u32::try_from(fraction.len()).unwrap_or(0);
    let part = fraction.parse::<u128>().map_or(0, |part| part * unit / 10_u128.pow(digits));
    let whole: u128 = whole.parse().map_err(|_| DurationError::TooLong)?;
    let nanos = whole.checked_mul(*unit).and_then(|nanos| nanos.checked_add(part));
    let nanos = nanos.ok_or(DurationError::TooLong)?;
    let seconds = u64::try_from(nanos / 1_000_000_000).map_err(|_| DurationError::TooLong)?;
    let rest = u32::try_from(nanos % 1_000_000_000).unwrap_or(0);
    Ok(Duration::new(seconds, rest))
}

#[expect(clippy::cast_precision_loss, reason = "the units are far below 2⁵³")]
fn from_scientific(number: &str, unit: u128) -> Result<Duration, DurationError> {
    let value: f64 = number.parse().map_err(|_| DurationError::NotADuration(number.to_owned()))?;
    Duration::try_from_secs_f64(value * (unit as f64 / 1e9)).map_err(|_| DurationError::TooLong)
}

/// Writes a duration in the longest unit that gives a whole number. [`parse`] reads the text back.
#[must_use]
pub fn format(duration: Duration) -> String {
    let nanos = duration.as_nanos();
    if nanos == 0 {
        return String::from("0s");
    }
    let whole = UNITS.iter().find(|(_, unit)| nanos.is_multiple_of(*unit));
    let (name, unit) = whole.copied().unwrap_or(("ns", 1));
    format!("{}{name}", nanos / unit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn durations_are_exact() {
        let read = |text| parse(text).expect(text);
        assert_eq!(read("500ms"), Duration::from_millis(500));
        assert_eq!(read("1.5s"), Duration::from_millis(1500));
        assert_eq!(read("0.1s"), Duration::from_millis(100));
        assert_eq!(read("2min"), Duration::from_secs(120));
        assert_eq!(read("1h"), Duration::from_secs(3600));
        assert_eq!(read("0.000000001s"), Duration::from_nanos(1));
        assert_eq!(read("250 ms"), Duration::from_millis(250));
        assert_eq!(from_parts("1e3", "ms"), Ok(Duration::from_secs(1)));
    }

    #[test]
    fn an_error_says_what_to_write() {
        let message = |text: &str| parse(text).expect_err(text).to_string();
        assert_eq!(message("500"), "`500` has no unit: write `500s`, `500ms` or `500min`");
        assert_eq!(
            message("5m"),
            "`m` is no unit of time: write `5min` for minutes, `5ms` for milliseconds"
        );
        assert_eq!(message("5sec"), "`sec` is no unit of time: write `5s`");
        assert_eq!(
            message("5x"),
            "`x` is no unit of time: the units are `ns`, `us`, `ms`, `s`, `min` and `h`"
        );
        for (text, meant) in [("5S", "5s"), ("1µs", "1us"), ("1μs", "1us"), ("5MS", "5ms")] {
            let hint = format!("is no unit of time: write `{meant}`");
            assert!(message(text).ends_with(&hint), "{}", message(text));
        }
        assert_eq!(message("1d"), "`d` is no unit of time: write `24h`");
        assert_eq!(message("2days"), "`days` is no unit of time: write `48h`");
        assert_eq!(message("1h30m"), "a duration has one unit: write `90min`");
        assert_eq!(message("1m30s"), "a duration has one unit: write `90s`");
        assert_eq!(message("-5s"), "a duration can't be negative");
        for text in ["", "1.2.3s", ".5s", "5.s", "s"] {
            assert!(message(text).contains("is no duration"), "{text}");
        }
        assert!(message("99999999999999999999h").contains("does not fit"));
        let in_file = format!("{:#}", DurationError::MissingUnit(String::from("5")));
        assert_eq!(in_file, "`5` has no unit: write `\"5s\"`, `\"5ms\"` or `\"5min\"`");
    }

    proptest! {
        #[test]
        fn every_written_duration_is_read_back(
            seconds: u64,
            nanos in 0..1_000_000_000_u32,
            pick in 0..3_u8,
        ) {
            let duration = match pick {
                0 => Duration::new(seconds, nanos),
                1 => Duration::from_secs(seconds),
                _ => Duration::from_millis(seconds % 10_000_000),
            };
            prop_assert_eq!(parse(&format(duration)), Ok(duration));
        }

        #[test]
        fn no_text_panics(text in "[0-9.eE-]{0,30}[a-z \u{e9}]{0,4}") {
            drop(parse(&text));
            drop(from_parts(&text, "s"));
        }
    }
}
