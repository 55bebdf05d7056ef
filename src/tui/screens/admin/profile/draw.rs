//! The form of a server's profile, drawn.

use ratatui::{Frame, layout::Rect};

use super::{Profile, part::Part};
use crate::{
    config::{ProviderKind, TokenSource},
    tui::{
        context::Context,
        widgets::{boxed, centered, field::Look, put, put_safe, wrapped},
    },
};

/// The width of the box.
const WIDTH: u16 = 72;
/// The columns of the words before a field.
const LABEL: u16 = 12;
/// The rows of the box besides those of the form and of its words: its edges, a free one.
const AROUND: usize = 3;

impl Profile {
    pub(super) fn picture(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let title = if self.edits.is_some() { "Edit server" } else { "Add a server" };
        let about = self.about();
        let rows = Part::rows(about);
        let words = self.fault.as_deref().unwrap_or_else(|| self.focus.advice(about));
        let told = wrapped(words, usize::from(WIDTH.min(area.width).saturating_sub(4)));
        let height = u16::try_from(rows.len() + told.len().max(2) + AROUND).unwrap_or(u16::MAX);
        let inner = boxed(frame, centered(area, WIDTH, height), title, "", cx);
        let (room, wanted) = (usize::from(inner.height), rows.len() + 1 + told.len());
        let here = rows.iter().position(|row| *row == self.focus).unwrap_or(0);
        let top = if room >= wanted { 0 } else { here.saturating_sub(room / 2) };
        let mut lines = inner.rows();
        for part in &rows[top..] {
            let Some(line) = lines.next() else { return };
            self.draw_row(frame, line, (*part, cx));
        }
        lines.next();
        let style = if self.fault.is_some() { cx.theme.error } else { cx.theme.dim };
        for (row, line) in lines.zip(&told) {
            put_safe(frame, row, 0, (line, row.width.into()), cx, style);
        }
    }

    fn draw_row(&self, frame: &mut Frame<'_>, row: Rect, (part, cx): (Part, &Context)) {
        let focused = self.focus == part;
        let place = Rect { x: row.x + LABEL, width: row.width.saturating_sub(LABEL), ..row };
        put(frame, row, 0, part.label(self.about()), if focused { cx.theme.head } else { cx.theme.dim });
        if part.is_typed() {
            let masked = part == Part::Token;
            let look = Look { cx, focused, masked, style: cx.theme.text };
            return self.fields[part.index()].draw(frame, place, &look);
        }
        let style = if focused { cx.theme.selected } else { cx.theme.text };
        put_safe(frame, place, 0, (&self.choice(part), place.width.into()), cx, style);
    }

    /// What a row says that is not typed into.
    fn choice(&self, part: Part) -> String {
        let words = match part {
            Part::Save if self.saving.is_some() => "saving …",
            Part::Save => "[ Save ]",
            Part::ReadOnly if self.read_only => "[x] every change is refused",
            Part::ReadOnly => "[ ] every change is refused",
            Part::Provider => match self.provider {
                ProviderKind::Sesamd => "sesamd",
                ProviderKind::Keycloak => "Keycloak",
                ProviderKind::PrivacyIdea => "privacyIDEA",
            },
            _ => match &self.token {
                TokenSource::Keyring => "the system keyring",
                TokenSource::Vault => "the vault",
                TokenSource::File(path) => return path.display().to_string(),
                TokenSource::Device => "nowhere: a browser signs in",
                TokenSource::Command(_) => "a command prints it",
                TokenSource::Systemd(name) => return format!("systemd: {name}"),
            },
        };
        words.to_owned()
    }
}
