//! Times and spans as people type them, and as they are shown.

use std::time::Duration;

use jiff::{
    Timestamp,
    civil::{DateTime, Time},
    tz::TimeZone,
};

use crate::config::parse_duration;

/// The last second of the year 9999.
const LAST_SECOND: u64 = 253_402_300_799;

/// Reads a time as seconds since 1970: the number itself, RFC 3339, or `14:52` today by the clock on the wall.
pub fn parse_time(text: &str, now: Timestamp) -> Result<u64, String> {
    let limits = |seconds: i64| {
        u64::try_from(seconds)
            .ok()
            .filter(|seconds| *seconds <= LAST_SECOND)
            .ok_or_else(|| "the time must lie between 1970 and the year 9999".to_owned())
    };
    if let Ok(seconds) = text.parse::<i64>() {
        return limits(seconds);
    }
    let local = |time: DateTime| time.to_zoned(TimeZone::system()).ok().map(|zoned| zoned.timestamp());
    let today = now.to_zoned(TimeZone::system()).date();
    let time = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| local(text.parse().ok()?))
        .or_else(|| local(today.to_datetime(text.parse::<Time>().ok()?)));
    time.map_or_else(
        || Err(format!("\"{text}\" is no time: use seconds since 1970, 2026-11-20T14:52:00Z or 14:52")),
        |time| limits(time.as_second()),
    )
}

/// Reads a span for clap: `15m`, `8h`, `1h30m`.
pub fn parse_span(text: &str) -> Result<Duration, String> {
    parse_duration(text)
        .filter(|span| !span.is_zero())
        .ok_or_else(|| "use a span such as 90s, 15m, 8h or 2d".to_owned())
}

/// How long ago, in the largest unit that fits.
pub fn ago(time: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second() - time.as_second();
    match seconds {
        ..60 => "just now".into(),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} d ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_write_them() {
        let now = Timestamp::from_second(1_700_000_022).unwrap();
        let seconds = |text: &str| parse_time(text, now);
        assert_eq!(seconds("59"), Ok(59));
        assert_eq!(seconds("2026-11-20T14:52:00Z"), Ok(1_795_186_320));
        assert_eq!(seconds("253402300799"), Ok(253_402_300_799));
        assert!(seconds("253402300800").is_err());
        assert!(seconds("-1").is_err());
        assert!(seconds("14:52").is_ok());
        assert!(seconds("yesterday").unwrap_err().contains("no time"));
    }

    #[test]
    fn how_long_ago() {
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        assert_eq!(ago(at(0), at(30)), "just now");
        assert_eq!(ago(at(0), at(360)), "6 min ago");
        assert_eq!(ago(at(0), at(200_000)), "2 d ago");
    }
}
