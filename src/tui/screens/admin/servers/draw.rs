//! The picture of the servers.

use std::borrow::Cow;

use ratatui::{Frame, layout::Rect, style::Style};

use super::{Seen, Servers};
use crate::{
    admin::error::AdminError,
    tui::{
        admin::{
            link::kind_word,
            table::{self, Columns},
            words,
        },
        class::Class,
        context::Context,
        frame::rule,
        widgets::{boxed, centered, cut, put},
    },
};

impl Servers {
    pub(super) fn picture(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let class = Class::of(cx.size);
        if class.is_line() {
            return self.one_line(frame, area, cx);
        }
        let mut body = area;
        if !class.is_tiny() {
            rule(frame, area, area.y, cx);
            body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        }
        if self.names.is_empty() {
            return nothing(frame, body, cx);
        }
        let columns = self.columns(usize::from(body.width));
        if !class.is_small() {
            columns.heads(frame, body, cx);
            body = Rect { y: body.y + 1, height: body.height.saturating_sub(1), ..body };
        }
        let top = self.scroll.top(body.height.into(), self.names.len());
        for (at, row) in (top..self.names.len()).zip(body.rows()) {
            self.row(frame, row, (at, &columns, cx));
        }
        let below = u16::try_from(self.names.len()).unwrap_or(u16::MAX).saturating_add(1);
        if !class.is_small() && below < body.height {
            let row = Rect { y: body.y + below, height: 1, ..body };
            let words = "Colour, symbol and the word PROD follow you on every screen of that server.";
            put(frame, row, 3, words, cx.theme.dim);
        }
    }

    fn columns(&self, width: usize) -> Columns {
        let longest = self.names.iter().map(|name| crate::text::width(name)).max().unwrap_or(0);
        let name = longest.clamp(9, 18) + 1;
        let (kind, state, users, note) = (9, 12, 8, 13);
        if width < 50 {
            return Columns::new(1, &[("NAME", width.saturating_sub(13).max(6)), ("STATE", state)], width);
        }
        if width < 80 {
            return Columns::new(
                3,
                &[("NAME", name), ("KIND", kind), ("STATE", state), ("USERS", users)],
                width,
            );
        }
        let address = width.saturating_sub(3 + name + kind + state + users + note);
        let all = [
            ("NAME", name),
            ("KIND", kind),
            ("ADDRESS", address),
            ("STATE", state),
            ("USERS", users),
            ("NOTE", note),
        ];
        Columns::new(3, &all, width)
    }

    fn row(&self, frame: &mut Frame<'_>, row: Rect, (at, columns, cx): (usize, &Columns, &Context)) {
        let Some(name) = self.names.get(at) else { return };
        let is_selected = at == self.scroll.cursor();
        let base = if is_selected { table::select(frame, row, cx) } else { cx.theme.text };
        columns.row(frame, row, (|head| self.cell(name, head, (base, cx)), cx));
    }

    fn cell<'a>(
        &'a self,
        name: &'a str,
        head: &str,
        (base, cx): (Style, &'a Context),
    ) -> (Cow<'a, str>, Style) {
        let Some(server) = cx.config.admin.servers.get(name) else { return (Cow::Borrowed(""), base) };
        let seen = self.states.get(name);
        match head {
            "NAME" => (name.into(), base),
            "KIND" => {
                let ro = if server.read_only || cx.mode.read_only { " ro" } else { "" };
                (format!("{}{ro}", kind_word(&server.kind)).into(), base)
            }
            "ADDRESS" => (server.url.as_str().into(), base),
            "STATE" => state(seen, (base, cx)),
            "USERS" => match seen {
                Some(Seen::Fine(_, overview)) => {
                    (overview.users.map_or(String::new(), words::number).into(), base)
                }
                _ => (Cow::Borrowed(""), base),
            },
            _ => match seen {
                Some(Seen::Fine(_, overview)) if overview.locked.unwrap_or(0) > 0 => {
                    (format!("{} locked", overview.locked.unwrap_or(0)).into(), base)
                }
                _ if server.url.starts_with("http://") => ("plain http".into(), base),
                _ => (Cow::Borrowed(""), base),
            },
        }
    }

    fn one_line(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let Some(name) = self.selected() else { return put(frame, area, 0, "no server", cx.theme.dim) };
        let (state, style) = state(self.states.get(name), (cx.theme.text, cx));
        put(frame, area, 0, &cut(&format!("{name} {state}"), area.width.into(), cx.symbols), style);
    }
}

/// `ok 12 ms`, `× refused`.
fn state<'a>(seen: Option<&Seen>, (base, cx): (Style, &Context)) -> (Cow<'a, str>, Style) {
    use AdminError as E;
    let error = match seen {
        None | Some(Seen::Asked) => return (cx.symbols.text("asking …").into(), base.patch(cx.theme.dim)),
        Some(Seen::Later) => return ("Enter asks".into(), base.patch(cx.theme.dim)),
        Some(Seen::Fine(took, _)) => return (format!("ok {} ms", took.as_millis()).into(), base),
        Some(Seen::Failed(error)) => error,
    };
    let word = match error {
        E::Certificate { .. } => "certificate",
        E::LoggedOut { .. } => "token ended",
        E::NoToken { .. } => "no token",
        E::NotUnderstood { .. } => "no sesamd",
        E::Refused { .. } => "refused",
        E::Unreachable { why, .. } if why.contains("nobody listens") => "refused",
        E::Unreachable { .. } => "no answer",
        E::Unsupported { .. } => "not yet",
        _ => "failed",
    };
    (format!("{} {word}", cx.symbols.failed).into(), base.patch(cx.theme.error))
}

fn nothing(frame: &mut Frame<'_>, area: Rect, cx: &Context) {
    let lines = [
        "No server is set up.",
        "",
        "  a   add one: its address and a token",
        "  or  sesam admin server add NAME --url …",
    ];
    let inner = boxed(frame, centered(area, 56, 6), "", "", cx);
    for (row, line) in inner.rows().zip(lines) {
        put(frame, row, 0, line, cx.theme.text);
    }
}
