//! The picture of the preview.

use ratatui::{Frame, layout::Rect, style::Style};

use super::{
    choices, compare,
    preview::Preview,
    rows::{Words, words},
};
use crate::tui::{
    class::{Class, Columns, Rows},
    context::Context,
    frame::rule,
    widgets::{put, put_safe},
};

/// Where the columns begin, and how wide they are.
struct Widths {
    issuer: u16,
    account: u16,
    what: u16,
}

/// Where the issuer begins.
const NAMES: u16 = 15;

impl Preview {
    /// Draws the summary, the rows that fit, and the codes to compare.
    pub(super) fn picture(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let class = Class::of(cx.size);
        if class.is_line() {
            let text = choices::outlook(&self.prepared);
            return put_safe(frame, area, 0, (&text, area.width.into()), cx, cx.theme.text);
        }
        let mut list = area;
        if !class.is_tiny() {
            let text = self.summary();
            put_safe(frame, area, 1, (&text, usize::from(area.width).saturating_sub(1)), cx, cx.theme.text);
            rule(frame, area, area.y + 1, cx);
            list = below(list, 2);
        }
        if class.rows == Rows::Normal && class.columns >= Columns::Normal {
            heads(frame, list, cx);
            list = below(list, 1);
        }
        let foot = u16::from(!class.is_tiny()) * 2;
        list.height = list.height.saturating_sub(foot);
        self.list(frame, list, cx);
        if let Some(row) = self.selected().filter(|_| foot > 0) {
            let text = match compare::line(row, &self.prepared, cx) {
                Some(codes) => format!("Codes now, to compare with the old app:  {codes}"),
                // What has no code has room for all of its reason here.
                None => words(row, &self.prepared).what,
            };
            let bottom = Rect { y: area.bottom().saturating_sub(1), height: 1, ..area };
            put_safe(frame, bottom, 1, (&text, usize::from(area.width).saturating_sub(1)), cx, cx.theme.text);
        }
    }

    fn list(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let height = usize::from(area.height);
        let top = self.scrolled(height);
        for (row, at) in area.rows().zip(top..self.rows.len()) {
            let style = if at == self.at { cx.theme.selected } else { cx.theme.text };
            draw(frame, row, (&words(self.rows[at], &self.prepared), at == self.at), cx, style);
        }
    }
}

fn below(area: Rect, rows: u16) -> Rect {
    Rect { y: area.y + rows, height: area.height.saturating_sub(rows), ..area }
}

fn widths(columns: u16) -> Widths {
    let rest = columns.saturating_sub(NAMES);
    let issuer = (rest * 17 / 65).min(25);
    let account = (rest * 19 / 65).min(35);
    Widths { issuer, account, what: rest.saturating_sub(issuer + account) }
}

fn heads(frame: &mut Frame<'_>, row: Rect, cx: &Context) {
    let widths = widths(row.width);
    put(frame, row, 6, "STATE", cx.theme.dim);
    put(frame, row, NAMES, "ISSUER", cx.theme.dim);
    put(frame, row, NAMES + widths.issuer, "ACCOUNT", cx.theme.dim);
    put(frame, row, NAMES + widths.issuer + widths.account, "WHAT", cx.theme.dim);
}

#[expect(clippy::too_many_arguments, reason = "where, what and how: a row of the table")]
fn draw(frame: &mut Frame<'_>, row: Rect, (words, selected): (&Words, bool), cx: &Context, style: Style) {
    let columns = Class::of(cx.size).columns;
    if selected {
        put(frame, row, 0, cx.symbols.selected, cx.theme.marker);
    }
    let tick = match words.ticked {
        Some(true) => "[x]",
        _ => "[ ]",
    };
    put(frame, row, 1, tick, style);
    let cell = |frame: &mut Frame<'_>, at: u16, text: &str, width: u16| {
        put_safe(frame, row, at, (text, width.saturating_sub(1).into()), cx, style);
    };
    cell(frame, 6, words.state, 9);
    if columns >= Columns::Normal {
        let widths = widths(row.width);
        cell(frame, NAMES, &words.issuer, widths.issuer);
        cell(frame, NAMES + widths.issuer, &words.account, widths.account);
        return cell(frame, NAMES + widths.issuer + widths.account, &words.what, widths.what + 1);
    }
    let name = match (words.issuer.as_str(), words.account.as_str()) {
        ("", account) => account.to_owned(),
        (issuer, "") => issuer.to_owned(),
        (issuer, account) => format!("{issuer} {account}"),
    };
    let rest = row.width.saturating_sub(NAMES);
    let name_width = if columns == Columns::Tiny { rest } else { rest / 2 };
    cell(frame, NAMES, &name, name_width + u16::from(name_width == rest));
    cell(frame, NAMES + name_width, &words.what, rest - name_width + 1);
}
