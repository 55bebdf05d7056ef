//! The list without rows: no accounts yet, or none that the search means.

use ratatui::{Frame, layout::Rect};

use super::{Codes, filter::nearest};
use crate::{
    tui::{
        action::Do,
        class::Class,
        context::Context,
        session::Session,
        widgets::{boxed, centered, put, put_safe},
    },
    vault::query::{Named as _, Query},
};

impl Codes {
    /// Says why there is nothing, and what to do.
    pub(super) fn nothing(&self, frame: &mut Frame<'_>, area: Rect, (session, cx): (&Session, &Context)) {
        if session.catalog.is_empty() {
            return empty(frame, area, cx);
        }
        let typed = self.filter.text();
        let tab = &cx.view.tab;
        let within = if tab.is_empty() { String::new() } else { format!(" in {tab}") };
        let mut lines = vec![format!("Nothing matches \"{}\"{within}.", typed.trim()), String::new()];
        if typed.is_empty() {
            lines = vec![format!("No accounts{within}."), String::new()];
        }
        if let Some(at) = nearest(&typed, &self.rows, cx) {
            lines.push(format!("Did you mean  {}  (Enter)", session.catalog.fields(at).issuer()));
        }
        if !tab.is_empty() {
            let count = session.catalog.search(&Query::new(&typed), self.rows.all()).len();
            let matches = if count == 1 { "1 match".to_owned() } else { format!("{count} matches") };
            lines.push(format!("Search all tags: {matches}  (Tab)"));
        }
        if !typed.trim().is_empty() {
            lines.push(format!(
                "Add an account called {}  ({} after Esc)",
                typed.trim(),
                cx.keymap.shown(Do::Add)
            ));
        }
        let first = u16::from(!Class::of(cx.size).is_small());
        for (at, line) in lines.iter().enumerate() {
            let y = area.y + first + u16::try_from(at).unwrap_or(0);
            if y < area.bottom() {
                let row = Rect { y, height: 1, ..area };
                put_safe(frame, row, 3, (line, usize::from(area.width.saturating_sub(4))), cx, cx.theme.text);
            }
        }
    }
}

fn empty(frame: &mut Frame<'_>, area: Rect, cx: &Context) {
    let [add, import] = [Do::Add, Do::Import].map(|action| cx.keymap.shown(action));
    let lines = [
        "No accounts yet.".to_owned(),
        String::new(),
        format!("  {add}   add one by hand, link or QR picture"),
        format!("  {import}   import from another app"),
        "  or just paste an otpauth:// link here".to_owned(),
    ];
    let inner = boxed(frame, centered(area, 52, 7), "", "", cx);
    for (row, line) in inner.rows().zip(lines) {
        put(frame, row, 0, &line, cx.theme.text);
    }
}
