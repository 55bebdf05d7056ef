//! The path of a vault that lies elsewhere: a part of the screens that come before an open vault.

use ratatui::{Frame, layout::Rect};

use crate::{
    tui::{
        action::Do,
        class::Class,
        context::Context,
        frame::rule,
        key::Key,
        notice::sentence,
        screen::Hint,
        widgets::{
            boxed, centered,
            field::Look,
            path::{Completed, PathField},
            put, put_safe,
        },
    },
    vault::Place,
};

/// The field, and what is wrong with what it holds.
#[derive(Default)]
pub struct OtherVault {
    path: PathField,
    told: Option<String>,
}

/// Whether another vault was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// It stays with the one before.
    Cancelled,
    /// Not yet.
    No,
    /// The context names it now.
    Yes,
}

impl OtherVault {
    /// What can be done.
    pub fn actions() -> Vec<Do> {
        vec![Do::Complete, Do::Submit, Do::Cancel]
    }

    /// What the hint line names.
    pub fn hints() -> Vec<Hint> {
        vec![
            Hint::says(Do::Submit, "open"),
            Do::Complete.into(),
            Hint::says(Do::Cancel, "back"),
            Do::Stop.into(),
        ]
    }

    /// Does one of the actions.
    pub fn act(&mut self, action: Do, cx: &mut Context) -> Chosen {
        match action {
            Do::Cancel => return Chosen::Cancelled,
            Do::Complete => {
                self.told = match self.path.complete() {
                    Completed::Whole => None,
                    Completed::Nothing => Some("Nothing begins so.".to_owned()),
                    Completed::Several(names) => Some(format!("{names} names begin so.")),
                };
            }
            _ => return self.open(cx),
        }
        Chosen::No
    }

    fn open(&mut self, cx: &mut Context) -> Chosen {
        if self.path.text().is_empty() {
            self.told = Some("Type the path of a vault first.".to_owned());
            return Chosen::No;
        }
        let place = Place::new(&self.path.path());
        if let Err(error) = place.expect_vault().and_then(|()| place.check_header()) {
            self.told = Some(sentence(&error));
            return Chosen::No;
        }
        cx.place = place;
        cx.say("To open it each time: sesam config set vault.path PATH");
        Chosen::Yes
    }

    /// Takes a key; false where it is none for a field.
    pub fn key(&mut self, key: Key) -> bool {
        self.told = None;
        self.path.key(key)
    }

    /// Takes a pasted or dropped path.
    pub fn insert(&mut self, text: &str) {
        self.path.insert(text);
    }

    /// Draws it into the page.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let tiny = Class::of(cx.size).is_tiny();
        let inner = if tiny {
            area
        } else {
            rule(frame, area, area.y, cx);
            boxed(frame, centered(area, 70, 7), "Open another vault", "", cx)
        };
        let mut rows = inner.rows();
        if !tiny && let Some(row) = rows.next() {
            let words = "The directory of the vault, or the vault.age in it:";
            put_safe(frame, row, 0, (words, row.width.into()), cx, cx.theme.text);
            rows.next();
        }
        if let Some(row) = rows.next() {
            put(frame, row, 0, "Path", cx.theme.dim);
            let row = Rect { x: row.x + 6, width: row.width.saturating_sub(6), ..row };
            self.path.field().draw(
                frame,
                row,
                &Look { cx, focused: true, masked: false, style: cx.theme.text },
            );
        }
        if let (Some(told), Some(row)) = (&self.told, rows.next_back()) {
            put_safe(frame, row, 0, (told, row.width.into()), cx, cx.theme.warn);
        }
    }
}
