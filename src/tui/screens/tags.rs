//! The tags of one account: typed, or switched on and off among those that are known.

use ratatui::{Frame, layout::Rect};

use super::account::{save, spoken};
use crate::{
    text::width,
    tui::{
        action::Do,
        context::Context,
        key::{Key, Press},
        message::Message,
        screen::{Hint, Screen, Step},
        widgets::{
            boxed, centered, cut,
            field::{Field, Look, Took},
            put, put_safe,
        },
    },
    vault::{Account, catalog::Tag},
};

/// The widest box.
const WIDTH: u16 = 66;
/// The longest list of tags, in characters.
const LIMIT: usize = 4_096;
/// Where the field begins.
const VALUE: u16 = 6;

/// The box.
pub struct Tags {
    account: Account,
    field: Field,
    /// The row that has the keys: the field, then the known tags.
    at: usize,
    touched: bool,
    saving: Option<u64>,
}

impl Tags {
    /// The tags of an account.
    pub fn new(account: &Account) -> Self {
        let text = written(&account.tags);
        let limit = LIMIT.max(text.chars().count());
        Self {
            account: account.clone(),
            field: Field::with(&text, limit),
            at: 0,
            touched: false,
            saving: None,
        }
    }

    fn step(&mut self, back: bool, cx: &Context) {
        let rows = known(cx).len() + 1;
        self.at = (self.at + if back { rows - 1 } else { 1 }) % rows;
    }

    /// Gives the account the marked tag, or takes it.
    fn switch(&mut self, cx: &mut Context) {
        let Some(tag) = self.at.checked_sub(1).and_then(|at| known(cx).get(at)) else { return };
        let mut tags = read(&self.field.text());
        match tags.iter().position(|own| *own == tag.name) {
            Some(at) => drop(tags.remove(at)),
            None => tags.push(tag.name.clone()),
        }
        let text = written(&tags);
        self.field.clear();
        if let Took::TooLong(limit) = self.field.insert(&text) {
            cx.warn(format!("All tags together take no more than {limit} characters."));
        }
        self.touched = true;
    }

    fn save(&mut self, cx: &mut Context) -> Step {
        if !self.touched {
            return Step::Pop;
        }
        let (old, mut new) = (self.account.clone(), self.account.clone());
        new.tags = read(&self.field.text());
        let what = format!("tags of {}", old.name());
        self.saving = save(old, new, what, cx);
        Step::Stay
    }

    fn saved(&self, cx: &mut Context) {
        let (name, undo) = (spoken(&self.account), cx.keymap.shown(Do::Undo));
        let tags = read(&self.field.text());
        let words = if tags.is_empty() { "none".to_owned() } else { tags.join(", ") };
        cx.done(format!("Tags of {name}: {words}. {undo} undoes."));
    }

    fn draw_row(&self, frame: &mut Frame<'_>, (row, at): (Rect, usize), cx: &Context) {
        let focused = at == self.at;
        let Some(tag) = at.checked_sub(1).and_then(|at| known(cx).get(at)) else {
            put(frame, row, 0, "Tags", if focused { cx.theme.head } else { cx.theme.dim });
            let field = Rect { x: row.x + VALUE, width: row.width.saturating_sub(VALUE), ..row };
            let look = Look { cx, focused, masked: false, style: cx.theme.text };
            return self.field.draw(frame, field, &look);
        };
        let has = read(&self.field.text()).contains(&tag.name);
        let mark = if has { "[x]" } else { "[ ]" };
        let count = tag.count.to_string();
        let room = usize::from(row.width).saturating_sub(width(&count) + 7);
        let style = if focused { cx.theme.selected } else { cx.theme.text };
        put(frame, row, 0, mark, style);
        let name = cut(&tag.name, room, cx.symbols);
        put_safe(frame, row, 4, (&name, room), cx, style);
        let behind = 4 + u16::try_from(width(&name)).unwrap_or(0) + 2;
        put(frame, row, behind, &count, cx.theme.dim);
        if focused {
            frame.set_cursor_position((row.x + 1, row.y));
        }
    }
}

/// The tags of the vault, most used first.
fn known(cx: &Context) -> &[Tag] {
    cx.session.as_ref().map_or(&[], |session| session.catalog.tags())
}

impl Screen for Tags {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        let mut actions = vec![Do::Confirm, Do::NextField, Do::PreviousField, Do::Cancel];
        if self.at > 0 {
            actions.push(Do::Switch);
        }
        actions
    }

    fn hints(&self, cx: &Context) -> Vec<Hint> {
        let mut hints = vec![Hint::says(Do::Confirm, "save")];
        if self.at > 0 {
            hints.push(Hint::says(Do::Switch, "on/off"));
        }
        if !known(cx).is_empty() {
            let keys = Hint::keys(Do::NextField, "↑↓");
            hints.push(Hint { words: Some("choose".to_owned()), ..keys });
        }
        hints.push(Do::Cancel.into());
        hints
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Confirm => return self.save(cx),
            Do::NextField | Do::PreviousField => self.step(action == Do::PreviousField, cx),
            Do::Switch => self.switch(cx),
            Do::Cancel => {
                if self.touched {
                    cx.say("The tags are as they were.");
                }
                return Step::Pop;
            }
            _ => {}
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, _cx: &mut Context) -> Option<Step> {
        if self.saving.is_some() {
            return Some(Step::Stay);
        }
        if self.at > 0 {
            return None;
        }
        let before = self.field.text();
        let taken = self.field.key(key);
        self.touched |= taken && before != self.field.text();
        let is_letter = matches!(key.press, Press::Char(_)) && !key.ctrl;
        (taken || is_letter).then_some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, cx: &mut Context) -> Option<Step> {
        self.at = 0;
        match self.field.insert(text.trim()) {
            Took::All => self.touched = true,
            Took::TooLong(limit) => {
                cx.warn(format!("That is longer than {limit} characters; nothing was pasted."));
            }
        }
        Some(Step::Stay)
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        match message {
            Message::Changed(done, _) if self.saving == Some(*done) => {
                self.saved(cx);
                return Step::Pop;
            }
            Message::NotChanged(done, _) if self.saving == Some(*done) => self.saving = None,
            Message::Reloaded => self.at = self.at.min(known(cx).len()),
            _ => {}
        }
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn is_changed(&self) -> bool {
        self.touched
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let known = known(cx).len();
        let gap = usize::from(known > 0);
        let rows = u16::try_from(known + gap + 3).unwrap_or(u16::MAX);
        let title = format!("Tags of {}", spoken(&self.account));
        let inner = boxed(frame, centered(area, WIDTH, rows), &title, "", cx);
        let room = usize::from(inner.height);
        if room < 4 {
            return self.draw_row(frame, (Rect { height: inner.height.min(1), ..inner }, self.at), cx);
        }
        self.draw_row(frame, (Rect { height: 1, ..inner }, 0), cx);
        let list = room - 1 - gap;
        let top = self.at.saturating_sub(list).min(known.saturating_sub(list));
        for (row, at) in inner.rows().skip(1 + gap).zip(top + 1..=known) {
            self.draw_row(frame, (row, at), cx);
        }
    }
}

/// Tags as one line: `work, git`. A comma inside a tag has a backslash before it.
pub fn written(tags: &[String]) -> String {
    let one = |tag: &String| tag.replace('\\', "\\\\").replace(',', "\\,");
    tags.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Tags out of one line, each once.
pub fn read(text: &str) -> Vec<String> {
    let (mut tags, mut tag) = (Vec::new(), String::new());
    let mut chars = text.chars();
    loop {
        match chars.next() {
            Some('\\') => tag.extend(chars.next()),
            Some(char) if char != ',' => tag.push(char),
            end => {
                let name = std::mem::take(&mut tag).trim().to_owned();
                if !name.is_empty() && !tags.contains(&name) {
                    tags.push(name);
                }
                if end.is_none() {
                    return tags;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_come_back_from_their_line() {
        for tags in [&["work", "git"][..], &["a, b", "c\\"], &[]] {
            let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
            assert_eq!(read(&written(&tags)), tags);
        }
        assert_eq!(read(" work ,, git,work, "), ["work", "git"]);
    }
}
