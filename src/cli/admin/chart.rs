//! Numbers as pictures of letters: bars, and a week of hours. Each with its numbers and one sentence that says what is
//! to be seen. Pure.

use std::fmt::Write as _;

use crate::{
    admin::model::{Counted, Statistics},
    text::{pad, safe_cut, width},
};

/// With what is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// `#`, and ` .:-=#`.
    Ascii,
    /// `█`, and ` ·░▒▓█`.
    Blocks,
}

/// Bars, or for the hours of the week a field of them.
pub(super) fn draw(by: &str, counted: &Statistics, ink: Ink) -> String {
    if counted.rows.is_empty() {
        return "nothing to count\n".to_owned();
    }
    let mut text = if by == "weekday_hour" { week(counted, ink) } else { bars(counted, ink) };
    text.push_str(&sentence(by, counted));
    text
}

fn bars(counted: &Statistics, ink: Ink) -> String {
    let names: Vec<String> = counted.rows.iter().map(|row| name(&row.key)).collect();
    let widest = names.iter().map(|name| width(name)).max().unwrap_or(0);
    let most = counted.rows.iter().map(|row| row.total).max().unwrap_or(1).max(1);
    let mark = if ink == Ink::Ascii { "#" } else { "█" };
    let line = |(name, row): (&String, &Counted)| {
        let long = usize::try_from((row.total * LONGEST).div_ceil(most)).unwrap_or(0);
        let failed = row.results.get("failure").copied().unwrap_or(0);
        let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
        format!("{}  {} {}{failed}\n", pad(name, widest), mark.repeat(long), row.total)
    };
    names.iter().zip(&counted.rows).map(line).collect()
}

/// Monday to Sunday, and 24 hours of each.
fn week(counted: &Statistics, ink: Ink) -> String {
    let marks: [char; 6] = if ink == Ink::Ascii { MARKS_ASCII } else { MARKS };
    let most = counted.rows.iter().map(|row| row.total).max().unwrap_or(1).max(1);
    let count = |day: usize, hour: usize| {
        let key = format!("{} {hour:02}", day + 1);
        counted.rows.iter().find(|row| row.key == key).map_or(0, |row| row.total)
    };
    let mut text = "      0     6     12    18\n".to_owned();
    for (nth, day) in DAYS.iter().enumerate() {
        let mark = |hour| {
            let step = (count(nth, hour) * 5).div_ceil(most);
            marks[usize::try_from(step).unwrap_or(5).min(5)]
        };
        let hours: String = (0..24).map(mark).collect();
        let total: u64 = (0..24).map(|hour| count(nth, hour)).sum();
        let _ = writeln!(text, "{day}   {hours}  {total}");
    }
    text
}

fn sentence(by: &str, counted: &Statistics) -> String {
    let Some(top) = counted.rows.iter().max_by_key(|row| row.total) else { return String::new() };
    let what = match (by, top.key.split_once(' ')) {
        ("weekday_hour", Some((day, hour))) => {
            let day = day.parse::<usize>().ok().and_then(|day| DAYS.get(day.wrapping_sub(1)));
            format!("{} {hour}:00 UTC", day.unwrap_or(&"?"))
        }
        _ => name(&top.key),
    };
    format!("{} in all; the most at {what}: {}\n", counted.total, top.total)
}

fn name(key: &str) -> String {
    if key.is_empty() { "(none)".to_owned() } else { safe_cut(key, 40) }
}

const LONGEST: u64 = 30;
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MARKS: [char; 6] = [' ', '·', '░', '▒', '▓', '█'];
const MARKS_ASCII: [char; 6] = [' ', '.', ':', '-', '=', '#'];

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(rows: &[(&str, u64)]) -> Statistics {
        let row = |(key, total): &(&str, u64)| Counted {
            key: (*key).to_owned(),
            total: *total,
            ..Counted::default()
        };
        Statistics { total: rows.iter().map(|row| row.1).sum(), rows: rows.iter().map(row).collect() }
    }

    #[test]
    fn bars_are_as_long_as_their_numbers_and_the_most_is_said() {
        let text = draw("reason", &counted(&[("wrong_code", 30), ("", 3)]), Ink::Ascii);
        let bar = "#".repeat(30);
        assert_eq!(
            text,
            format!("wrong_code  {bar} 30\n(none)      ### 3\n33 in all; the most at wrong_code: 30\n")
        );
        assert_eq!(draw("day", &counted(&[]), Ink::Ascii), "nothing to count\n");
    }

    #[test]
    fn a_week_has_its_hours_in_their_places() {
        let text = draw("weekday_hour", &counted(&[("1 00", 1), ("7 23", 5)]), Ink::Ascii);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 9);
        assert_eq!(&lines[1][6..30], format!(".{}", " ".repeat(23)));
        assert_eq!(&lines[7][6..30], format!("{}#", " ".repeat(23)));
        assert!(lines[8].ends_with("the most at Sun 23:00 UTC: 5"));
    }
}
