//! Taking the file of an export away, once its word was typed.

use std::path::PathBuf;

use ratatui::{Frame, layout::Rect};

use crate::{
    import::shred,
    tui::{
        action::Do,
        context::Context,
        key::Key,
        screen::{Hint, Screen, Step},
        widgets::{
            boxed, centered,
            field::{Field, Look},
            put, put_safe, wrapped,
        },
    },
    vault::error::plain_words,
};

/// The widest box.
const WIDTH: u16 = 72;
/// What has to be typed.
const WORD: &str = "shred";

/// The question.
pub(super) struct Shredding {
    files: Vec<PathBuf>,
    /// What of their entries is nowhere else yet.
    unread: usize,
    field: Field,
}

impl Shredding {
    /// About these files, of which so many entries could not be read.
    pub(super) fn new(files: Vec<PathBuf>, unread: usize) -> Self {
        Self { files, unread, field: Field::new(16) }
    }

    fn text(&self) -> String {
        let names: Vec<String> = self.files.iter().map(|path| path.display().to_string()).collect();
        let lost = match self.unread {
            0 => String::new(),
            1 => " 1 entry could not be read and is lost with it.".to_owned(),
            count => format!(" {count} entries could not be read and are lost with it."),
        };
        format!(
            "{} will be overwritten and removed; there is no undo for it.{lost} Copies elsewhere stay: a phone, a synced \
             folder, a snapshot, a backup, and what a solid-state disk keeps aside.",
            crate::text::safe(&names.join(", "))
        )
    }

    fn submit(&self, cx: &mut Context) -> Step {
        if self.field.text().trim() != WORD {
            cx.warn(format!("Type {WORD} to do it; Esc leaves the file alone."));
            return Step::Stay;
        }
        for path in &self.files {
            if let Err(error) = shred(path) {
                cx.fail(format!("Could not shred {}: {}.", path.display(), plain_words(&error)));
                return Step::Pop;
            }
        }
        cx.done(match self.files.as_slice() {
            [one] => format!("{} was overwritten and removed", one.display()),
            several => format!("{} files were overwritten and removed", several.len()),
        });
        Step::Pop
    }
}

impl Screen for Shredding {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        vec![Do::Confirm, Do::Cancel]
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        vec![Hint::says(Do::Confirm, "shred"), Do::Cancel.into()]
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        if action == Do::Confirm { self.submit(cx) } else { Step::Pop }
    }

    fn on_key(&mut self, key: Key, _cx: &mut Context) -> Option<Step> {
        self.field.key(key).then_some(Step::Stay)
    }

    fn on_paste(&mut self, _text: &str, cx: &mut Context) -> Option<Step> {
        cx.say(format!("Type {WORD}: it is asked so that it does not happen by accident."));
        Some(Step::Stay)
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let width = WIDTH.min(area.width);
        let lines = wrapped(&self.text(), usize::from(width.saturating_sub(4)));
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(4);
        let inner = boxed(frame, centered(area, width, rows), "Shred the export", "", cx);
        for (row, line) in inner.rows().zip(&lines) {
            put(frame, row, 0, line, cx.theme.text);
        }
        let row = Rect { y: inner.bottom().saturating_sub(1), height: 1, ..inner };
        let question = format!("Type {WORD} to do it: ");
        put_safe(frame, row, 0, (&question, row.width.into()), cx, cx.theme.head);
        let at = u16::try_from(question.len()).unwrap_or(0);
        let field = Rect { x: row.x + at, width: row.width.saturating_sub(at), ..row };
        self.field.draw(frame, field, &Look { cx, focused: true, masked: false, style: cx.theme.text });
    }
}
