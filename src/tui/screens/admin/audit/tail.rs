//! What was heard while following, bounded: events, marks, gaps, and seconds that had too much to show. Pure.

use std::collections::{HashSet, VecDeque};

use jiff::Timestamp;

use crate::admin::{
    model::{Event, Outcome},
    narrow::Narrow,
};

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Line {
    /// An event.
    Event(Box<Event>),
    /// A line that somebody put there.
    Mark(Timestamp),
    /// There was no connection between these times; the events were read again.
    Gap(Timestamp, Timestamp),
    /// So many more events of one second, of which so many were refused.
    Thinned(i64, u64, u64),
    /// So many events were not kept while somebody read.
    NotKept(u64),
}

/// The lines, the oldest first. Each has a number that stays its own.
pub(super) struct Tail {
    lines: VecDeque<Line>,
    /// The number of the first line.
    first: u64,
    limit: usize,
    /// The numbers of the lines that the filter lets through.
    shown: VecDeque<u64>,
    narrow: Narrow,
    ids: HashSet<String>,
    /// The second of the last event, and how many there were in it.
    second: (i64, usize),
    /// Events that came since the pause, and those of them that were not kept.
    pub(super) waiting: u64,
    not_kept: u64,
    /// While paused: the number behind the last line that is shown.
    pause: Option<u64>,
}

/// So many events of one second are shown whole.
const A_SECOND: usize = 50;

impl Tail {
    /// An empty one for so many lines.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            lines: VecDeque::new(),
            first: 0,
            limit: limit.max(1),
            shown: VecDeque::new(),
            narrow: Narrow::default(),
            ids: HashSet::new(),
            second: (i64::MIN, 0),
            waiting: 0,
            not_kept: 0,
            pause: None,
        }
    }

    /// Takes an event in; one that is there already is left out.
    pub(super) fn hear(&mut self, event: Event) {
        if self.ids.contains(&event.id) {
            return;
        }
        let is_shown = self.narrow.takes(&event.facts());
        self.waiting += u64::from(is_shown && self.pause.is_some());
        if self.pause.is_some() && self.lines.len() >= self.limit.saturating_mul(2) {
            self.not_kept += 1;
            return;
        }
        self.ids.insert(event.id.clone());
        let second = event.time.as_second();
        self.second = if second == self.second.0 { (second, self.second.1 + 1) } else { (second, 1) };
        if self.second.1 > A_SECOND {
            return self.thin(second, event.outcome == Outcome::Fail);
        }
        self.push(Line::Event(Box::new(event)), is_shown);
    }

    /// Puts a line that is no event at the end.
    pub(super) fn put(&mut self, line: Line) {
        self.push(line, true);
    }

    /// Another filter: on all that is kept, and on all that comes.
    pub(super) fn filter(&mut self, narrow: Narrow) {
        self.narrow = narrow;
        let shown = |line: &Line| match line {
            Line::Event(event) => self.narrow.takes(&event.facts()),
            _ => true,
        };
        self.shown =
            (self.first..).zip(&self.lines).filter(|(_, line)| shown(line)).map(|(at, _)| at).collect();
    }

    /// Nothing moves any more until [`Self::resume`].
    pub(super) fn pause(&mut self) {
        if self.pause.is_none() {
            self.pause = Some(self.first + self.lines.len() as u64);
            self.waiting = 0;
        }
    }

    /// At the newest again.
    pub(super) fn resume(&mut self) {
        self.pause = None;
        self.waiting = 0;
        let lost = std::mem::take(&mut self.not_kept);
        if lost > 0 {
            self.push(Line::NotKept(lost), true);
        }
        self.trim();
    }

    /// Whether somebody reads.
    pub(super) fn is_paused(&self) -> bool {
        self.pause.is_some()
    }

    /// So many lines are shown; while paused those that came later are not.
    pub(super) fn rows(&self) -> usize {
        match self.pause {
            Some(end) => self.shown.partition_point(|number| *number < end),
            None => self.shown.len(),
        }
    }

    /// The line in this row.
    pub(super) fn row(&self, row: usize) -> Option<&Line> {
        let number = self.shown.get(row)?;
        self.lines.get(usize::try_from(number - self.first).ok()?)
    }

    /// Shows so many more of the lines that came since the pause.
    pub(super) fn reveal(&mut self, count: usize) {
        let rows = self.rows();
        let Some(end) = &mut self.pause else { return };
        let last = (rows + count).min(self.shown.len());
        if let Some(number) = last.checked_sub(1).and_then(|last| self.shown.get(last)) {
            *end = (*end).max(number + 1);
            self.waiting = self.waiting.saturating_sub((last - rows) as u64);
        }
    }

    /// Events a second over the ten seconds before a time.
    pub(super) fn rate(&self, now: Timestamp) -> f64 {
        let from = now.as_second() - 10;
        let recent = self.lines.iter().rev().take_while(|line| match line {
            Line::Event(event) => event.time.as_second() > from,
            Line::Thinned(second, ..) => *second > from,
            _ => true,
        });
        let count: u64 = recent
            .map(|line| match line {
                Line::Event(_) => 1,
                Line::Thinned(_, count, _) => *count,
                _ => 0,
            })
            .sum();
        f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / 10.0
    }

    fn thin(&mut self, second: i64, refused: bool) {
        if let Some(Line::Thinned(own, count, failures)) = self.lines.back_mut()
            && *own == second
        {
            *count += 1;
            *failures += u64::from(refused);
            return;
        }
        self.push(Line::Thinned(second, 1, u64::from(refused)), true);
    }

    fn push(&mut self, line: Line, is_shown: bool) {
        if is_shown {
            self.shown.push_back(self.first + self.lines.len() as u64);
        }
        self.lines.push_back(line);
        self.trim();
    }

    /// The oldest lines go; while somebody reads none does.
    fn trim(&mut self) {
        while self.pause.is_none() && self.lines.len() > self.limit {
            if let Some(Line::Event(event)) = self.lines.pop_front() {
                self.ids.remove(&event.id);
            }
            self.first += 1;
            while self.shown.front().is_some_and(|number| *number < self.first) {
                self.shown.pop_front();
            }
        }
        // The ids of what was thinned have no line to go with.
        if self.ids.len() > self.limit.saturating_mul(4) {
            let kept = self.lines.iter().filter_map(|line| match line {
                Line::Event(event) => Some(event.id.clone()),
                _ => None,
            });
            self.ids = kept.collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn event(number: i64, milliseconds: i64) -> Event {
        Event {
            id: number.to_string(),
            time: Timestamp::from_millisecond(milliseconds).unwrap(),
            user: Some(if number % 2 == 0 { "ada" } else { "alan" }.to_owned()),
            outcome: if number % 2 == 0 { Outcome::Ok } else { Outcome::Fail },
            application: None,
            what: "x".to_owned(),
            from: None,
            by: None,
            raw: serde_json::Value::Null,
        }
    }

    fn tail(limit: usize, events: i64) -> Tail {
        let mut tail = Tail::new(limit);
        (0..events).for_each(|number| tail.hear(event(number, number * 1000)));
        tail
    }

    #[test]
    fn what_comes_while_somebody_reads_waits_below_and_moves_no_row() {
        let mut tail = tail(100, 20);
        tail.pause();
        let top = tail.row(5).cloned();
        (20..57).for_each(|number| tail.hear(event(number, number * 1000)));
        assert_eq!((tail.rows(), tail.waiting, tail.row(5).cloned()), (20, 37, top));
        tail.reveal(2);
        assert_eq!((tail.rows(), tail.waiting), (22, 35));
        tail.resume();
        assert_eq!((tail.rows(), tail.waiting), (57, 0));
        assert!(matches!(tail.row(56), Some(Line::Event(event)) if event.id == "56"));
    }

    #[test]
    fn memory_is_bounded_while_following_and_while_paused() {
        let mut tail = tail(10, 1000);
        assert_eq!((tail.rows(), tail.ids.len()), (10, 10));
        tail.pause();
        (1000..5000).for_each(|number| tail.hear(event(number, number * 1000)));
        assert_eq!((tail.lines.len(), tail.waiting), (20, 4000));
        tail.resume();
        assert_eq!(tail.row(tail.rows() - 1), Some(&Line::NotKept(3990)));
        assert!(tail.lines.len() <= 10 && tail.ids.len() <= 10);
    }

    #[test]
    fn an_event_that_is_read_again_stands_there_once() {
        let mut tail = tail(100, 20);
        tail.put(Line::Gap(Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH));
        (10..25).for_each(|number| tail.hear(event(number, number * 1000)));
        assert_eq!(tail.rows(), 26);
    }

    #[test]
    fn a_filter_holds_for_what_is_kept_and_for_what_comes() {
        let mut tail = tail(100, 20);
        let read = |text: &str| Narrow::read(text, Timestamp::UNIX_EPOCH, &TimeZone::UTC).unwrap();
        tail.filter(read("user:ada"));
        assert_eq!(tail.rows(), 10);
        tail.hear(event(21, 21_000));
        tail.hear(event(22, 22_000));
        assert_eq!(tail.rows(), 11);
        tail.filter(Narrow::default());
        assert_eq!(tail.rows(), 22);
    }

    #[test]
    fn too_many_in_a_second_become_one_line_of_numbers() {
        let mut tail = Tail::new(1000);
        (0..180).for_each(|number| tail.hear(event(number, 5_000 + number)));
        assert_eq!((tail.rows(), tail.row(50)), (51, Some(&Line::Thinned(5, 130, 65))));
        assert!((tail.rate(Timestamp::from_second(6).unwrap()) - 18.0).abs() < 0.01);
        tail.hear(event(180, 6_000));
        assert_eq!(tail.rows(), 52);
    }
}
