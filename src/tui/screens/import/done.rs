//! Step 3: what was done, and what is left to do: take it back, look at what could not be read, take the source away.

use std::{fmt::Write as _, path::PathBuf};

use ratatui::{Frame, layout::Rect};

use super::{shredding::Shredding, unreadable::Unreadable};
use crate::{
    import::{Prepared, Source, Supply, is_readable_by_others},
    text::width,
    tui::{
        action::Do,
        class::Class,
        context::Context,
        frame::rule,
        key::Key,
        message::Message,
        screen::{Extent, Hint, Screen, Step},
        screens::account,
        widgets::{boxed, centered, put_safe, wrapped},
    },
    vault::intake::Applied,
};

/// The widest box.
const WIDTH: u16 = 72;

/// The last step.
pub(super) struct Done {
    prepared: Prepared,
    result: String,
    files: Vec<PathBuf>,
    undoing: bool,
    undone: bool,
}

impl Done {
    /// After an import that was carried out.
    pub(super) fn new(prepared: Prepared, applied: &Applied, supplies: Vec<Supply>) -> Self {
        let result = result(&prepared, applied);
        // Of what could not be read nothing is in the vault: that is nothing to shred.
        let path = |(supply, source): (Supply, &Source)| match supply {
            Supply::File(path) if source.decoded.is_ok() && path.is_file() => Some(path),
            _ => None,
        };
        let files = supplies.into_iter().zip(&prepared.batch.sources).filter_map(path).collect();
        Self { prepared, result, files, undoing: false, undone: false }
    }

    /// What could not be read, in words: entries, and whole files.
    fn unreadable(&self) -> Option<String> {
        let counted = |count: usize, one: &str, many: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{count} {many}")),
        };
        let batch = &self.prepared.batch;
        let entries = counted(batch.count_bad(), "bad entry", "bad entries");
        let files = counted(batch.unread().count(), "unread file", "unread files");
        let parts: Vec<String> = entries.into_iter().chain(files).collect();
        (!parts.is_empty()).then(|| parts.join(" and "))
    }

    fn lines(&self, cx: &Context) -> Vec<String> {
        let key = |action| cx.keymap.shown(action);
        let mut lines = vec![format!("{} {}", cx.symbols.done, self.result), String::new()];
        if self.undone {
            lines[0] = "The whole import was undone; the vault is as it was.".to_owned();
        } else {
            lines.push(format!("  {}   undo the whole import", key(Do::Undo)));
        }
        if let Some(what) = self.unreadable() {
            lines.push(format!("  {}   show the {what} and why", key(Do::BadEntries)));
        }
        if let Some(what) = self.there() {
            lines.push(format!("  {}   shred {what}  (typed confirm: secrets inside)", key(Do::Shred)));
        }
        let open = self.files.iter().find_map(|path| Some((path, is_readable_by_others(path)?)));
        if let Some((path, who)) = open {
            let name = path.display();
            lines.extend([String::new(), format!("{} {name} is readable by {who}.", cx.symbols.warning)]);
        }
        lines
    }

    /// What there is to shred, in words. After an undo the files hold again what is nowhere else.
    fn there(&self) -> Option<String> {
        if self.undone {
            return None;
        }
        match self.files.iter().filter(|path| path.exists()).count() {
            0 => None,
            1 => Some("the export file".to_owned()),
            count => Some(format!("the {count} export files")),
        }
    }
}

/// `6 accounts added, 1 skipped (same), 1 not readable`.
fn result(prepared: &Prepared, applied: &Applied) -> String {
    let accounts = if applied.added == 1 { "account" } else { "accounts" };
    let mut words = format!("{} {accounts} added", applied.added);
    let counts = prepared.plan.counts();
    let left_out =
        prepared.plan.entries.len() - applied.added - applied.replaced - counts.same - counts.trashed;
    let parts = [
        (applied.replaced, "replaced"),
        (counts.same, "skipped (same)"),
        (left_out, "left out"),
        (counts.trashed, "in the other app's trash"),
        (prepared.batch.count_bad(), "not readable"),
    ];
    for (count, what) in parts.into_iter().filter(|(count, _)| *count > 0) {
        let _ = write!(words, ", {count} {what}");
    }
    match prepared.batch.unread().count() {
        0 => {}
        1 => words.push_str(", 1 file not read"),
        count => {
            let _ = write!(words, ", {count} files not read");
        }
    }
    let losses = prepared.batch.losses();
    if !losses.is_empty() {
        let fields: std::collections::BTreeSet<&str> = losses.iter().map(|loss| loss.field).collect();
        let _ = write!(words, ". Without: {}", fields.into_iter().collect::<Vec<_>>().join(", "));
    }
    words
}

/// A line that is too long in several; the indent of a choice stays.
fn broken(line: &str, columns: usize) -> Vec<String> {
    if width(line) <= columns {
        return vec![line.to_owned()];
    }
    let words = line.trim_start();
    let indent = line.len() - words.len();
    let lines = wrapped(words, columns.saturating_sub(indent));
    lines.into_iter().map(|line| format!("{:indent$}{line}", "")).collect()
}

impl Screen for Done {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        let mut actions = vec![Do::Confirm, Do::Cancel];
        actions.extend((!self.undone).then_some(Do::Undo));
        actions.extend(self.unreadable().map(|_| Do::BadEntries));
        actions.extend(self.there().map(|_| Do::Shred));
        actions
    }

    fn hints(&self, cx: &Context) -> Vec<Hint> {
        let words = |action| match action {
            Do::Confirm => Some("to the codes"),
            _ => None,
        };
        let shown = self.actions(cx).into_iter().filter(|action| *action != Do::Cancel);
        shown
            .map(|action| words(action).map_or_else(|| action.into(), |words| Hint::says(action, words)))
            .collect()
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Confirm | Do::Cancel => return Step::PopBoth,
            Do::Undo if !self.undoing => {
                self.undoing = true;
                account::turn(true, cx);
            }
            Do::BadEntries => return Step::Push(Box::new(Unreadable::new(&self.prepared.batch))),
            Do::Shred => {
                let files = self.files.iter().filter(|path| path.exists()).cloned().collect();
                let unread = self.prepared.batch.count_bad();
                return Step::Push(Box::new(Shredding::new(files, unread)));
            }
            _ => {}
        }
        Step::Stay
    }

    fn on_message(&mut self, message: &Message, _cx: &mut Context) -> Step {
        match message {
            Message::Turned(true, what) if self.undoing => {
                (self.undoing, self.undone) = (false, what.is_some());
            }
            Message::NotChanged(..) => self.undoing = false,
            _ => {}
        }
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn extent(&self) -> Extent {
        Extent::Page
    }

    fn place(&self, cx: &Context) -> String {
        format!("Import {} done", cx.symbols.then)
    }

    fn state(&self, _cx: &Context) -> Option<String> {
        Some("step 3 of 3".to_owned())
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let columns = usize::from(WIDTH.min(area.width).saturating_sub(4));
        let lines: Vec<String> = self.lines(cx).iter().flat_map(|line| broken(line, columns)).collect();
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
        let inner = if Class::of(cx.size).is_tiny() {
            area
        } else {
            rule(frame, area, area.y, cx);
            let area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
            boxed(frame, centered(area, WIDTH, rows), "Import finished", "", cx)
        };
        for (row, line) in inner.rows().zip(&lines) {
            put_safe(frame, row, 0, (line, row.width.into()), cx, cx.theme.text);
        }
    }
}
