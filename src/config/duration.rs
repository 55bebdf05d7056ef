//! Durations as people write them: `30s`, `5m`, `1h30m`, `0`. Points in time live elsewhere.

use std::fmt::Write;
use std::time::Duration;

/// Reads `500ms`, `30s`, `5m`, `15h`, `2d` or several of them in a row (`1h30m`); `0` needs no unit.
///
/// ```
/// use std::time::Duration;
/// use sesam::config::parse_duration;
/// assert_eq!(parse_duration("1m30s"), Some(Duration::from_secs(90)));
/// assert_eq!(parse_duration("0"), Some(Duration::ZERO));
/// assert_eq!(parse_duration("90"), None);
/// ```
pub fn parse_duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let (part, after) = first_part(rest)?;
        total = total.checked_add(part)?;
        rest = after;
    }
    (!text.trim().is_empty()).then_some(total)
}

/// Writes `duration` (whole milliseconds) as [`parse_duration`] reads it.
pub fn print_duration(duration: Duration) -> String {
    let mut left = duration.as_millis();
    if left == 0 {
        return "0".to_owned();
    }
    let mut text = String::new();
    for (unit, milliseconds) in UNITS {
        let count = left / u128::from(milliseconds);
        left %= u128::from(milliseconds);
        if count > 0 {
            write!(text, "{count}{unit}").expect("writing to a String does not fail");
        }
    }
    text
}

fn first_part(text: &str) -> Option<(Duration, &str)> {
    let (number, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let (unit, rest) = rest.split_at(rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len()));
    let (_, milliseconds) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
    let part = number.parse::<u64>().ok()?.checked_mul(milliseconds)?;
    Some((Duration::from_millis(part), rest))
}

/// Names and milliseconds, the longest first.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_duration() {
        for text in ["", " ", "5", "m", "-5m", "5 m", "1.5h", "5M", "5mm", "5m-", "99999999999999999999s"] {
            assert_eq!(parse_duration(text), None, "{text:?}");
        }
        assert_eq!(parse_duration(&format!("{}d", u64::MAX)), None);
    }

    #[test]
    fn prints_the_largest_units_first() {
        assert_eq!(print_duration(Duration::from_mins(5)), "5m");
        assert_eq!(print_duration(Duration::from_secs(90_061)), "1d1h1m1s");
        assert_eq!(print_duration(Duration::from_millis(100)), "100ms");
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(milliseconds in 0_u64..1 << 40) {
            let duration = Duration::from_millis(milliseconds);
            prop_assert_eq!(parse_duration(&print_duration(duration)), Some(duration));
        }

        #[test]
        fn never_panics(text: String) {
            let _ = parse_duration(&text);
        }
    }
}
