//! What is kept while somebody follows, and which part of it is in the window.

use std::cell::Cell;

use jiff::Timestamp;

use super::{
    live::{Follower, Heard},
    tail::{Line, Tail},
};
use crate::{
    admin::model::{Event, Outcome},
    tui::{action::Do, class::Class, context::Context, screen::Hint},
};

/// What is kept while somebody follows.
pub(super) struct Live {
    pub(super) follower: Follower,
    pub(super) tail: Tail,
    /// The selected row; while nobody reads it is the newest.
    pub(super) cursor: usize,
    /// The first row in the window, as it was last drawn.
    pub(super) top: Cell<usize>,
    pub(super) height: Cell<usize>,
    /// Since when there is no connection.
    pub(super) down: Option<Timestamp>,
    /// When somebody began to read.
    pub(super) paused: Option<Timestamp>,
}

pub(super) const OWN: [Do; 9] = [
    Do::Follow,
    Do::OpenEvent,
    Do::Search,
    Do::MarkLine,
    Do::EventColumns,
    Do::Export,
    Do::NextRefusal,
    Do::PreviousRefusal,
    Do::Back,
];

impl Live {
    /// The selected event.
    pub(super) fn selected(&self) -> Option<&Event> {
        match self.tail.row(self.row())? {
            Line::Event(event) => Some(event),
            _ => None,
        }
    }

    /// The selected row.
    pub(super) fn row(&self) -> usize {
        let last = self.tail.rows().saturating_sub(1);
        if self.tail.is_paused() { self.cursor.min(last) } else { last }
    }

    /// The first row in a window of this height. While paused it stays, but for what the selection needs.
    pub(super) fn first_row(&self, height: usize) -> usize {
        let rows = self.tail.rows();
        let bottom = rows.saturating_sub(height);
        let top = if self.tail.is_paused() {
            let row = self.row();
            self.top.get().clamp((row + 1).saturating_sub(height), row)
        } else {
            bottom
        };
        self.top.set(top);
        self.height.set(height);
        top
    }

    pub(super) fn hints(&self, cx: &Context) -> Vec<Hint> {
        if Class::of(cx.size).is_tiny() {
            return vec![Hint::says(Do::Follow, if self.tail.is_paused() { "resume" } else { "pause" })];
        }
        let mut hints: Vec<Hint> = vec![];
        if self.tail.is_paused() {
            hints.push(Hint { action: Do::Follow, key: Some("f or End"), words: Some("resume".into()) });
            hints.push(Hint { action: Do::Up, key: Some("↑↓"), words: Some("read".into()) });
            hints.push(Do::OpenEvent.into());
        } else {
            hints.push(Hint::says(Do::Follow, "pause"));
            hints.push(Hint { action: Do::Up, key: Some("↑"), words: Some("read".into()) });
        }
        hints.extend([
            Hint::says(Do::Search, "filter"),
            Do::MarkLine.into(),
            Hint::says(Do::Back, "stop"),
            Do::Help.into(),
            Do::EventColumns.into(),
            Do::Export.into(),
        ]);
        hints
    }

    pub(super) fn pause(&mut self, now: Timestamp) {
        if !self.tail.is_paused() {
            self.cursor = self.tail.rows().saturating_sub(1);
            self.tail.pause();
            self.paused = Some(now);
        }
    }

    pub(super) fn resume(&mut self) {
        self.tail.resume();
        self.paused = None;
    }

    pub(super) fn up(&mut self, by: usize, now: Timestamp) {
        self.pause(now);
        self.cursor = self.cursor.saturating_sub(by);
    }

    /// Downwards: over the last row come those that wait.
    pub(super) fn down(&mut self, by: usize) {
        if !self.tail.is_paused() {
            return;
        }
        let to = self.cursor.saturating_add(by);
        let missing = (to + 1).saturating_sub(self.tail.rows());
        self.tail.reveal(missing);
        self.cursor = to.min(self.tail.rows().saturating_sub(1));
    }

    pub(super) fn refusal(&mut self, down: bool, now: Timestamp) -> bool {
        self.pause(now);
        let is_one = |row: &usize| matches!(self.tail.row(*row), Some(Line::Event(event)) if event.outcome != Outcome::Ok);
        let (at, rows) = (self.cursor, self.tail.rows());
        let found = if down { (at + 1..rows).find(is_one) } else { (0..at).rev().find(is_one) };
        self.cursor = found.unwrap_or(at);
        found.is_some()
    }

    pub(super) fn hear(&mut self, heard: Heard) {
        match heard {
            Heard::Event(event) => self.tail.hear(*event),
            Heard::Down(since) => self.down = Some(since),
            Heard::Up(now) => {
                if let Some(since) = self.down.take() {
                    self.tail.put(Line::Gap(since, now));
                }
            }
            Heard::Refused(_) => {}
        }
    }
}
