//! One event with all that is known of it: its fields, and what the server said word for word.

use std::cell::Cell;

use jiff::Timestamp;
use ratatui::{Frame, layout::Rect};

use crate::{
    admin::model::Event,
    text::{safe, safe_cut},
    tui::{
        action::Do,
        admin::{scroll::MOVES, words},
        clip::Copy,
        context::Context,
        key::{Key, Press},
        screen::{Hint, Screen, Step},
        widgets::{boxed, centered, put_safe},
    },
};

/// The widest box.
const WIDTH: u16 = 100;
/// More lines of what a server said are not shown.
const MOST_LINES: usize = 2_000;

/// An event.
pub struct EventBox {
    event: Event,
    top: Cell<usize>,
    height: Cell<usize>,
}

impl EventBox {
    /// Of an event.
    pub fn new(event: Event) -> Self {
        Self { event, top: Cell::new(0), height: Cell::new(0) }
    }

    fn lines(&self, cx: &Context) -> Vec<String> {
        let own = &self.event;
        let zone = words::zone(cx);
        let shown =
            |time: Timestamp| time.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S%:z").to_string();
        let fields = [
            ("Time", Some(shown(own.time))),
            ("Result", Some(own.outcome.word().to_owned())),
            ("What", Some(own.what.clone())),
            ("Noted", own.detail().map(str::to_owned)),
            ("User", own.user.clone()),
            ("App", own.application.clone()),
            ("From", own.from.clone()),
            ("By", own.by.clone()),
            ("Number", Some(own.id.clone())),
        ];
        let field = |(name, value): (&str, Option<String>)| Some(format!("{name:<8}{}", safe(&value?)));
        let mut lines: Vec<String> = fields.into_iter().filter_map(field).collect();
        lines.extend([String::new(), "As the server said it".to_owned()]);
        lines.extend(self.json().lines().take(MOST_LINES).map(|line| format!("  {}", safe(line))));
        lines
    }

    fn json(&self) -> String {
        serde_json::to_string_pretty(&self.event.raw).unwrap_or_default()
    }

    fn copy(&self, cx: &mut Context) {
        let (text, name) = (self.json(), format!("event {}", safe_cut(&self.event.id, 24)));
        match cx.clip.copy(&Copy { text: &text, name: &name, left: None, is_next: false, is_secret: false }) {
            Ok(done) => cx.done(done.replacen(" code", "", 1)),
            Err(why) => cx.fail(why),
        }
    }
}

impl Screen for EventBox {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        [Do::CopyEvent, Do::Close].into_iter().chain(MOVES).collect()
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        let scroll = Hint { action: Do::Down, key: Some("↑↓"), words: Some("scroll".into()) };
        vec![Do::CopyEvent.into(), scroll, Do::Close.into()]
    }

    fn act(&mut self, action: Do, key: Key, cx: &mut Context) -> Step {
        let whole = matches!(key.press, Press::PageUp | Press::PageDown);
        let page = if whole { self.height.get() } else { self.height.get() / 2 }.max(1);
        let rows = self.lines(cx).len();
        let last = rows.saturating_sub(self.height.get());
        let top = self.top.get();
        let to = match action {
            Do::CopyEvent => {
                self.copy(cx);
                top
            }
            Do::Close => return Step::Pop,
            Do::Up => top.saturating_sub(1),
            Do::Down => top + 1,
            Do::PageUp => top.saturating_sub(page),
            Do::PageDown => top + page,
            Do::First => 0,
            _ => last,
        };
        self.top.set(to.min(last));
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let lines = self.lines(cx);
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
        let place = centered(area, WIDTH.min(area.width.saturating_sub(2).max(20)), rows);
        let title = format!("Event {}", safe_cut(&self.event.id, 24));
        let inner = boxed(frame, place, &title, "", cx);
        self.height.set(inner.height.into());
        let top = self.top.get().min(lines.len().saturating_sub(inner.height.into()));
        for (line, row) in lines.iter().skip(top).zip(inner.rows()) {
            put_safe(frame, row, 0, (line, inner.width.into()), cx, cx.theme.text);
        }
    }
}
