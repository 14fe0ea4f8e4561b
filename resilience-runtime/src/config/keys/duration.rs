//! Durations as text: `500ms`, `1.5s`, `2min`, `1h`.

use std::time::Duration;

use crate::config::nearest::nearest;

/// Longest first, in nanoseconds.
const UNITS: [(&str, u128); 6] = [
    ("h", 3_600_000_000_000),
    ("min", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// To the nanosecond; what lies beyond is cut off. The error says what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let (number, unit) =
        text.split_at(text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len()));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if text.starts_with('-') {
        return Err(String::from("a duration can't be negative"));
    }
    if whole.is_empty() || fraction.is_empty() || fraction.contains('.') {
        return Err(format!(
            "`{text}` is no duration: write a number and its unit, as in `\"500ms\"`, `\"1.5s\"` or `\"2min\"`"
        ));
    }
    if unit.is_empty() {
        return Err(without_unit(number));
    }
    let unit = unit.trim_start();
    let Some((_, unit)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        let hint = match unit {
            "m" => String::from("did you mean `min`, or `ms`?"),
            _ => nearest(unit, &UNITS.map(|(name, _)| name)).unwrap_or_else(|| {
                String::from("the units are `ns`, `us`, `ms`, `s`, `min` and `h`")
            }),
        };
        return Err(format!("`{unit}` is no unit of time: {hint}"));
    };
    let too_long = || format!("`{text}` is longer than any clock can tell");
    // Of the fraction no more digits than make a nanosecond of an hour, so that nothing overflows.
    let fraction = &fraction[..fraction.len().min(20)];
    let digits = u32::try_from(fraction.len()).unwrap_or(0);
    let part = fraction.parse::<u128>().map_or(0, |part| part * unit / 10_u128.pow(digits));
    let nanoseconds =
        whole.parse::<u128>().ok().and_then(|whole| whole.checked_mul(*unit)?.checked_add(part));
    let nanoseconds = nanoseconds.ok_or_else(too_long)?;
    let seconds = u64::try_from(nanoseconds / 1_000_000_000).map_err(|_| too_long())?;
    let rest = (nanoseconds % 1_000_000_000) as u32;
    Ok(Duration::new(seconds, rest))
}

pub(super) fn without_unit(number: &str) -> String {
    format!(
        "`{number}` of what? Write the unit: `\"{number}s\"`, `\"{number}ms\"` or `\"{number}min\"`"
    )
}

/// In the longest unit that gives a whole number: [`parse`] gives the same again.
pub(super) fn format(duration: Duration) -> String {
    let nanoseconds = duration.as_nanos();
    if nanoseconds == 0 {
        return String::from("0s");
    }
    let whole = UNITS.iter().find(|(_, unit)| nanoseconds.is_multiple_of(*unit));
    let (name, unit) = whole.copied().unwrap_or(("ns", 1));
    format!("{}{name}", nanoseconds / unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn durations_are_exact() {
        let of = |text| parse(text).expect(text);
        assert_eq!(of("500ms"), Duration::from_millis(500));
        assert_eq!(of("1.5s"), Duration::from_millis(1500));
        assert_eq!(of("0.1s"), Duration::from_millis(100));
        assert_eq!(of("2min"), Duration::from_secs(120));
        assert_eq!(of("1h"), Duration::from_secs(3600));
        assert_eq!(of("0.000000001s"), Duration::from_nanos(1));
        assert_eq!(of("250 ms"), Duration::from_millis(250));
    }

    #[test]
    fn what_is_wrong_with_a_duration_is_said() {
        let said = |text: &str| parse(text).expect_err(text);
        assert_eq!(
            said("500"),
            "`500` of what? Write the unit: `\"500s\"`, `\"500ms\"` or `\"500min\"`"
        );
        assert_eq!(said("5m"), "`m` is no unit of time: did you mean `min`, or `ms`?");
        assert_eq!(said("5sec"), "`sec` is no unit of time: did you mean `s`?");
        assert_eq!(said("-5s"), "a duration can't be negative");
        assert!(said("").contains("is no duration"));
        assert!(said("1.2.3s").contains("is no duration"));
        assert!(said("99999999999999999999h").contains("longer than any clock can tell"));
    }

    proptest! {
        #[test]
        fn every_duration_comes_back_as_it_was(seconds: u64, nanoseconds in 0..1_000_000_000_u32, pick in 0..3_u8) {
            let duration = match pick {
                0 => Duration::new(seconds, nanoseconds),
                1 => Duration::from_secs(seconds),
                _ => Duration::from_millis(seconds % 10_000_000),
            };
            prop_assert_eq!(parse(&format(duration)), Ok(duration));
        }

        #[test]
        fn no_text_panics(text in "[0-9.]{0,30}[a-z \u{e9}]{0,4}") {
            drop(parse(&text));
        }
    }
}
