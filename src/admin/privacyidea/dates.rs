//! The dates of privacyIDEA: with a zone, without one, and those of HTTP.

use jiff::{SignedDuration, Timestamp, civil::DateTime, fmt::rfc2822, tz::Offset};

/// A date that says its zone: `2026-11-20T14:49:14+00:00`, `2026-11-20T14:49+0000`, `2026-11-20 14:49:19.92+0000`,
/// `Fri, 20 Nov 2026 15:49:46 GMT`.
pub(super) fn zoned(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    if let Ok(time) = rfc2822::parse(&text.replace("GMT", "+0000")) {
        return Some(time.timestamp());
    }
    let (date, zone) = text.split_at(text.rfind(['+', '-']).filter(|at| *at > "2026-11-20".len())?);
    let zone = zone.replace(':', "");
    let number = |text: &str| text.parse::<i32>().ok();
    let seconds = (number(zone.get(1..3)?)? * 60 + number(zone.get(3..5)?)?) * 60;
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let offset = Offset::from_seconds(sign * seconds).ok()?;
    offset.to_timestamp(local(date)?).ok()
}

/// A date without a zone, as a clock on a wall shows it.
pub(super) fn local(text: &str) -> Option<DateTime> {
    text.trim().replace(' ', "T").parse().ok()
}

/// How far the wall clock of the server is from UTC: its newest note and the time of the answer are less than minutes
/// apart, and zones differ by quarters of an hour.
pub(super) fn offset(newest: DateTime, now: f64) -> Option<Offset> {
    #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970")]
    let apart = Offset::UTC.to_timestamp(newest).ok()?.as_second() - now as i64;
    let quarters = (apart + QUARTER / 2).div_euclid(QUARTER);
    Offset::from_seconds(i32::try_from(quarters * QUARTER).ok()?).ok()
}

/// As the server takes the end of a token: in minutes. What is begun is rounded up, so that it holds as long as it says.
pub(super) fn validity(until: Timestamp) -> (String, Timestamp) {
    let minutes = (until.as_second() + 59).div_euclid(60);
    let until = Timestamp::from_second(minutes * 60).unwrap_or(until);
    (until.strftime("%Y-%m-%dT%H:%M+0000").to_string(), until)
}

/// Whether so long is more than a working day.
pub(super) fn is_long(span: SignedDuration) -> bool {
    span > SignedDuration::from_hours(8)
}

/// The clock of a server.
pub(super) fn time(seconds: f64) -> Option<Timestamp> {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970")]
    Timestamp::from_millisecond((seconds * 1000.0) as i64).ok().filter(|_| seconds > 0.0)
}

const QUARTER: i64 = 900;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_every_form() {
        let expected: Timestamp = "2026-11-20T14:49:00Z".parse().unwrap();
        for text in [
            "2026-11-20T14:49:00+00:00",
            "2026-11-20T14:49+0000",
            "2026-11-20T15:49+0100",
            "2026-11-20 10:19:00.000000-0430",
            "Fri, 20 Nov 2026 14:49:00 GMT",
        ] {
            assert_eq!(zoned(text), Some(expected), "{text}");
        }
        for text in ["", "soon", "2026-11-20T14:49:00", "2026-11-20T14:49:00+x"] {
            assert_eq!(zoned(text), None, "{text}");
        }
    }

    #[test]
    fn a_zone_is_learned_from_two_clocks() {
        let newest = local("2026-11-20T20:18:00.5").unwrap();
        let now = 1_795_186_140.0; // 14:49 in UTC
        assert_eq!(offset(newest, now), Offset::from_seconds(19_800).ok());
    }

    #[test]
    fn a_validity_is_never_shorter_than_it_says() {
        let (text, until) = validity("2026-11-20T14:49:01Z".parse().unwrap());
        assert_eq!(
            (text.as_str(), until),
            ("2026-11-20T14:50+0000", "2026-11-20T14:50:00Z".parse().unwrap())
        );
    }
}
