//! A server that is open to read only: why, and how it is opened with write access.

use ratatui::{Frame, layout::Rect};

use crate::tui::{
    action::Do,
    context::Context,
    key::Key,
    screen::{Hint, Screen, Step},
    widgets::{boxed, centered, put_safe, wrapped},
};

/// The widest box.
const WIDTH: u16 = 64;

/// The box.
pub struct ReadOnly;

impl ReadOnly {
    fn lines(cx: &Context) -> Vec<String> {
        let link = cx.admin.as_ref();
        let name = link.map_or("", |link| link.profile.name.as_str());
        let by_profile = link.is_some_and(|link| link.profile.server.read_only);
        let (why, way_out) = if cx.mode.read_only {
            ("This sesam was started with --read-only.", "Start it without --read-only".to_owned())
        } else if by_profile {
            ("The profile of this server says read_only.", "Esc, b, then e on the server".to_owned())
        } else {
            ("This server was opened with R: read-only.", format!("Esc, b, then Enter on {name}"))
        };
        vec![
            why.to_owned(),
            "Reset, bypass, unlock and every other change are off.".to_owned(),
            String::new(),
            format!("To change something: {way_out}."),
        ]
    }
}

impl Screen for ReadOnly {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        vec![Do::Close, Do::Choose]
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        vec![Do::Close.into()]
    }

    fn act(&mut self, _action: Do, _key: Key, _cx: &mut Context) -> Step {
        Step::Pop
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let columns = usize::from(WIDTH.min(area.width).saturating_sub(4));
        let lines: Vec<String> = Self::lines(cx).iter().flat_map(|line| wrapped(line, columns)).collect();
        let rows = u16::try_from(lines.len()).unwrap_or(0) + 2;
        let inner = boxed(frame, centered(area, WIDTH, rows), "Read only", "", cx);
        for (row, line) in inner.rows().zip(&lines) {
            put_safe(frame, row, 0, (line, row.width.into()), cx, cx.theme.text);
        }
    }
}
