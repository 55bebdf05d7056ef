//! Numbers of a chart: bars of hours or days, a week of hours, the most frequent users, sources and reasons; and the one
//! sentence that they say. Pure.

use jiff::{SignedDuration, Timestamp, tz::Offset};

use crate::admin::model::Statistics;

/// How long a time is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Span {
    /// Since midnight, by the hour.
    #[default]
    Today,
    /// By the hour.
    Day,
    /// By the day.
    Week,
    /// By the day.
    Month,
}

/// One bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    pub(super) count: u64,
}

/// Everything that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chart {
    pub(super) span: Span,
    pub(super) bars: Vec<Bar>,
    /// By weekday from Monday, and hour.
    pub(super) heat: [[u64; 24]; 7],
    /// The most frequent users, sources and reasons.
    pub(super) tops: [Vec<(String, u64)>; 3],
    /// The busiest bar's most frequent source.
    pub(super) culprit: Option<(String, u64)>,
    pub(super) offset: Offset,
}

/// The weekdays.
pub(super) const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// The week of hours is made of so many days.
pub(super) const HEAT_DAYS: i64 = 28;

impl Span {
    const ALL: [Self; 4] = [Self::Today, Self::Day, Self::Week, Self::Month];

    /// The longer one, or the shorter one.
    pub(super) fn turned(self, longer: bool) -> Self {
        let at = self as usize;
        let to = if longer { at + 1 } else { at.saturating_sub(1) };
        Self::ALL[to.min(Self::ALL.len() - 1)]
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Day => "last 24 h",
            Self::Week => "last 7 days",
            Self::Month => "last 28 days",
        }
    }

    /// Whether a bar is an hour.
    pub(super) fn is_hourly(self) -> bool {
        matches!(self, Self::Today | Self::Day)
    }

    /// Its bars, all of them empty.
    pub(super) fn bars(self, now: Timestamp, offset: Offset) -> Vec<Bar> {
        let seconds = if self.is_hourly() { 3600 } else { 86_400 };
        let ahead = i64::from(offset.seconds());
        let begins = |at: i64, unit: i64| (at + ahead).div_euclid(unit) * unit - ahead;
        let this = begins(now.as_second(), seconds);
        let (first, count) = match self {
            Self::Today => (begins(now.as_second(), 86_400), 24),
            Self::Day => (this - 23 * seconds, 24),
            Self::Week => (this - 6 * seconds, 7),
            Self::Month => (this - 27 * seconds, 28),
        };
        let time = |at: i64| Timestamp::from_second(at).unwrap_or(now);
        let bar = |nth: i64| Bar {
            from: time(first + nth * seconds),
            until: time(first + (nth + 1) * seconds),
            count: 0,
        };
        (0..count).map(bar).collect()
    }
}

impl Chart {
    /// Empty, at a time.
    pub(super) fn new(span: Span, now: Timestamp, offset: Offset) -> Self {
        let (heat, tops) = ([[0; 24]; 7], [vec![], vec![], vec![]]);
        Self { span, bars: span.bars(now, offset), heat, tops, culprit: None, offset }
    }

    /// Takes in what was counted: by hour or day, by hour of the week, by user, by source, by reason.
    pub(super) fn fill(&mut self, counted: &[Statistics]) {
        let [bars, heat, tops @ ..] = counted else { return };
        for row in &bars.rows {
            let start = self.start(&row.key);
            if let Some(bar) = self.bars.iter_mut().find(|bar| Some(bar.from) == start) {
                bar.count = row.total;
            }
        }
        for row in &heat.rows {
            let Some((day, hour)) = row.key.split_once(' ') else { continue };
            let (Ok(day), Ok(hour)) = (day.parse::<usize>(), hour.parse::<usize>()) else { continue };
            if let Some(cell) = day.checked_sub(1).and_then(|day| self.heat.get_mut(day)?.get_mut(hour)) {
                *cell = row.total;
            }
        }
        for (own, top) in self.tops.iter_mut().zip(tops) {
            let named = top.rows.iter().filter(|row| !row.key.is_empty());
            *own = named.take(8).map(|row| (row.key.clone(), row.total)).collect();
        }
        let culprit = counted.get(5).and_then(|sources| sources.rows.first());
        self.culprit = culprit.filter(|row| !row.key.is_empty()).map(|row| (row.key.clone(), row.total));
    }

    fn start(&self, key: &str) -> Option<Timestamp> {
        if self.span.is_hourly() {
            return key.parse().ok();
        }
        let date: jiff::civil::Date = key.parse().ok()?;
        self.offset.to_timestamp(date.at(0, 0, 0, 0)).ok()
    }

    pub(super) fn total(&self) -> u64 {
        self.bars.iter().map(|bar| bar.count).sum()
    }

    /// The bar with the most.
    pub(super) fn peak(&self) -> usize {
        let most = self.bars.iter().map(|bar| bar.count).max().unwrap_or(0);
        self.bars.iter().position(|bar| bar.count == most).unwrap_or(0)
    }

    /// What is usual where a bar stands: the same hour on all days of four weeks, or the mean of the other days.
    pub(super) fn usual(&self, at: usize) -> f64 {
        let Some(bar) = self.bars.get(at) else { return 0.0 };
        if self.span.is_hourly() {
            let hour = usize::try_from(self.offset.to_datetime(bar.from).hour()).unwrap_or(0);
            let all: u64 = self.heat.iter().map(|day| day[hour]).sum();
            return float(all.saturating_sub(bar.count)) / float(HEAT_DAYS.unsigned_abs() - 1);
        }
        let others = self.bars.len().saturating_sub(1).max(1) as u64;
        float(self.total().saturating_sub(bar.count)) / float(others)
    }

    /// `14 h`, `Tue 14`.
    pub(super) fn name(&self, at: usize) -> String {
        let Some(bar) = self.bars.get(at) else { return String::new() };
        let local = self.offset.to_datetime(bar.from);
        if self.span.is_hourly() {
            return format!("{:02} h", local.hour());
        }
        let weekday = usize::try_from(local.weekday().to_monday_zero_offset()).unwrap_or(0);
        format!("{} {:02}", WEEKDAYS[weekday], local.day())
    }

    /// What the bars say, in one sentence; whether it is worth a look.
    pub(super) fn finding(&self) -> (String, bool) {
        let at = self.peak();
        let count = self.bars.get(at).map_or(0, |bar| bar.count);
        if count == 0 {
            return ("nothing in this time".to_owned(), false);
        }
        let ratio = float(count) / self.usual(at).max(0.5);
        let is_odd = ratio >= 2.0 && count >= 5;
        let mut text = format!("{count} at {}", self.name(at));
        if is_odd {
            text = format!("{text}, {ratio:.0}x usual");
        }
        if let Some((source, own)) = self.culprit.as_ref().filter(|(_, own)| is_odd && own * 2 >= count) {
            text = format!("{text} ({own} from {source})");
        }
        (text, is_odd)
    }

    /// The hour of the week with the most.
    pub(super) fn hottest(&self) -> (usize, usize, u64) {
        let cells = (0..7).flat_map(|day| (0..24).map(move |hour| (day, hour)));
        let hotter = |best: (usize, usize, u64), (day, hour): (usize, usize)| {
            let count = self.heat[day][hour];
            if count > best.2 { (day, hour, count) } else { best }
        };
        cells.fold((0, 0, 0), hotter)
    }

    /// The last time that this hour of the week was, until now.
    pub(super) fn last(&self, (day, hour): (usize, usize), now: Timestamp) -> (Timestamp, Timestamp) {
        let ahead = i64::from(self.offset.seconds());
        let local = now.as_second() + ahead;
        // 1970 began on a Thursday; Monday is 0.
        let monday = (local.div_euclid(86_400) + 3).div_euclid(7) * 7 - 3;
        let place = |number: usize| i64::try_from(number).unwrap_or(0);
        let mut start = (monday + place(day)) * 86_400 + place(hour) * 3600 - ahead;
        if start > now.as_second() {
            start -= 7 * 86_400;
        }
        let time = |at| Timestamp::from_second(at).unwrap_or(now);
        (time(start), time(start + 3600))
    }

    /// Since when the tops are counted.
    pub(super) fn since(&self, now: Timestamp) -> Timestamp {
        self.bars.first().map_or(now, |bar| bar.from)
    }

    /// Until when: the end of the last bar.
    pub(super) fn until(&self, now: Timestamp) -> Timestamp {
        self.bars.last().map_or(now, |bar| bar.until)
    }
}

/// Four weeks before a time.
pub(super) fn heat_since(now: Timestamp) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(HEAT_DAYS * 24)).unwrap_or(now)
}

/// From which count on each of the five shades is used: the last ones are for what stands out.
pub(super) fn shades(most: u64) -> [u64; 5] {
    let mut from = [1; 5];
    for step in 1..5 {
        let share = float(step as u64) / 5.0;
        let at = (float(most) * share.powf(1.6)).ceil();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
        let at = at as u64;
        from[step] = at.max(from[step - 1] + 1);
    }
    from
}

/// Which shade a count has, 0 for none.
pub(super) fn shade(count: u64, from: &[u64; 5]) -> usize {
    from.iter().take_while(|least| count >= **least).count()
}

#[expect(clippy::cast_precision_loss, reason = "a number for people")]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::model::Counted;

    const NOW: i64 = 1_700_000_022;

    fn counted(rows: &[(&str, u64)]) -> Statistics {
        let row = |(key, total): &(&str, u64)| Counted {
            key: (*key).to_owned(),
            total: *total,
            ..Counted::default()
        };
        Statistics { total: 0, rows: rows.iter().map(row).collect() }
    }

    fn chart(span: Span, bars: &[(&str, u64)], heat: &[(&str, u64)]) -> Chart {
        let mut chart = Chart::new(span, Timestamp::from_second(NOW).unwrap(), Offset::UTC);
        let none = || counted(&[]);
        chart.fill(&[counted(bars), counted(heat), none(), none(), none(), counted(&[("10.0.0.1", 38)])]);
        chart
    }

    #[test]
    fn the_sentence_says_what_stands_out() {
        let bars = [("2023-11-14T14:00:00Z", 41), ("2023-11-14T09:00:00Z", 7)];
        let own = chart(Span::Today, &bars, &[("2 14", 101), ("1 14", 210)]);
        assert_eq!(own.finding(), ("41 at 14 h, 4x usual (38 from 10.0.0.1)".to_owned(), true));
        assert_eq!((own.bars.len(), own.total(), own.name(9)), (24, 48, "09 h".to_owned()));
        assert_eq!(chart(Span::Today, &[], &[]).finding().0, "nothing in this time");
        let days = chart(Span::Week, &[("2023-11-13", 5), ("2023-11-14", 4)], &[]);
        assert_eq!((days.bars.len(), days.name(6)), (7, "Tue 14".to_owned()));
        assert_eq!(days.total(), 9);
    }

    #[test]
    fn an_hour_of_the_week_is_found_where_it_was_last() {
        let own = chart(Span::Month, &[], &[("2 14", 46), ("7 23", 3)]);
        assert_eq!(own.hottest(), (1, 14, 46));
        let now = Timestamp::from_second(NOW).unwrap();
        let (from, until) = own.last((1, 14), now);
        assert_eq!(
            (from.to_string(), until.to_string()),
            ("2023-11-14T14:00:00Z".into(), "2023-11-14T15:00:00Z".into())
        );
        assert_eq!(own.last((1, 23), now).0.to_string(), "2023-11-07T23:00:00Z");
        assert_eq!(own.last((0, 0), now).0.to_string(), "2023-11-13T00:00:00Z");
    }

    #[test]
    fn clocks_ahead_of_utc_begin_their_days_earlier() {
        let now = Timestamp::from_second(NOW).unwrap();
        let bars = Span::Today.bars(now, Offset::constant(2));
        assert_eq!(bars[0].from.to_string(), "2023-11-14T22:00:00Z");
    }

    #[test]
    fn shades_grow_and_none_is_empty() {
        for most in [0, 1, 3, 5, 46, 100_000] {
            let from = shades(most);
            assert!(from.is_sorted_by(|one, next| one < next), "{from:?}");
        }
        let from = shades(46);
        assert_eq!((shade(0, &from), shade(1, &from), shade(46, &from)), (0, 1, 5));
    }
}
