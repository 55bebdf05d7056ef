//! Events counted by one of their parts: for servers that cannot do it.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::Offset};

use super::{
    model::{Counted, Outcome, Statistics},
    narrow::Facts,
};

/// Counts events; `ahead` is how many minutes the clocks of the one who asks are ahead of UTC.
pub(super) fn count<'a>(
    events: impl Iterator<Item = Facts<'a>>,
    (by, ahead): (&str, i16),
) -> Result<Statistics, String> {
    if !PARTS.contains(&by) {
        return Err(format!("nothing is counted by \"{by}\": there are {}", PARTS.join(", ")));
    }
    let mut counted: BTreeMap<String, Counted> = BTreeMap::new();
    let mut total = 0;
    for event in events {
        let entry = counted.entry(key(&event, (by, ahead))).or_default();
        let result = if event.outcome == Outcome::Fail { "failure" } else { "success" };
        entry.total += 1;
        *entry.results.entry(result.to_owned()).or_default() += 1;
        total += 1;
    }
    let mut rows: Vec<Counted> = counted.into_iter().map(|(key, row)| Counted { key, ..row }).collect();
    if !in_order(by) {
        rows.sort_by_key(|row| std::cmp::Reverse(row.total));
        rows.truncate(100);
    }
    Ok(Statistics { total, rows })
}

/// For how many hours back rows are counted unless told.
pub(super) fn usual_hours(by: &str) -> i64 {
    if by == "hour" { 24 } else { 28 * 24 }
}

fn in_order(by: &str) -> bool {
    matches!(by, "hour" | "day" | "weekday_hour")
}

fn key(event: &Facts<'_>, (by, ahead): (&str, i16)) -> String {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    match by {
        "user" => text(event.user),
        "application" => text(event.application),
        "source" => text(event.from),
        "reason" => text(event.reason),
        "event" => event.what.to_owned(),
        _ => moment(event.time, (by, ahead)),
    }
}

fn moment(time: Timestamp, (by, ahead): (&str, i16)) -> String {
    let offset = Offset::from_seconds(i32::from(ahead) * 60).unwrap_or(Offset::UTC);
    let local = offset.to_datetime(time);
    match by {
        "day" => local.date().to_string(),
        "weekday_hour" => {
            format!("{} {:02}", local.weekday().to_monday_one_offset(), local.hour())
        }
        _ => {
            let into = i64::from(local.minute()) * 60 + i64::from(local.second());
            let start = Timestamp::from_second(time.as_second() - into).unwrap_or(time);
            start.display_with_offset(offset).to_string()
        }
    }
}

const PARTS: [&str; 8] = ["hour", "day", "user", "application", "source", "reason", "event", "weekday_hour"];
