//! What a change asks of the person: a reason, a name that is typed, and a button that is off until both are there.

use ratatui::{Frame, layout::Rect};

use crate::{
    admin::action::Action,
    config::AskReason,
    text::width,
    tui::{
        action::Do,
        context::Context,
        key::{Key, Press},
        screen::Hint,
        widgets::{
            cut,
            field::{Field, Look},
            put, put_safe,
        },
    },
};

/// The longest reason, in characters.
const LIMIT: usize = 200;
/// What is sent where no reason was typed.
const NONE_GIVEN: &str = "none given";
/// The columns of the words before a field.
const LABEL: u16 = 33;

/// What has the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// The field of the reason.
    Reason,
    /// The field of the name.
    Name,
    /// The button that does nothing.
    Cancel,
    /// The button that does it.
    Go,
}

/// What a key of the person means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Not yet.
    Open,
    /// Nothing is done.
    No,
    /// It is done.
    Yes,
}

/// The fields and buttons.
pub struct Care {
    /// The word on the button.
    pub button: String,
    /// The reason; none where it is not asked for.
    reason: Option<Field>,
    must_have_reason: bool,
    /// The name to type and what was typed; none where it is not asked for.
    typed: Option<(String, Field)>,
    focus: Focus,
    refused: bool,
    /// Whether somebody types a word where a letter would be an answer.
    typing: bool,
}

impl Care {
    /// Asks for a reason as the settings say, where the server writes that of such a change down; for no name yet.
    pub fn new((button, action): (&str, Option<&Action>), cx: &Context) -> Self {
        let provider = cx.admin.as_ref().and_then(|link| link.provider.as_ref());
        let is_kept = provider.zip(action).is_none_or(|(provider, action)| provider.keeps_reason(action));
        let reason = (is_kept && cx.config.admin.reason != AskReason::Off).then(|| Field::new(LIMIT));
        let focus = if reason.is_some() { Focus::Reason } else { Focus::Cancel };
        let must_have_reason = is_kept && cx.config.admin.reason == AskReason::Require;
        Self {
            button: button.to_owned(),
            reason,
            must_have_reason,
            typed: None,
            focus,
            refused: false,
            typing: false,
        }
    }

    /// From here on this has to be typed.
    pub fn type_first(&mut self, expected: &str) {
        self.typed = Some((expected.to_owned(), Field::new(LIMIT)));
        if self.focus == Focus::Cancel {
            self.focus = Focus::Name;
        }
    }

    /// The reason that is sent.
    pub fn reason(&self) -> String {
        let typed = self.reason.as_ref().map_or_else(String::new, |field| field.text().trim().to_owned());
        if typed.is_empty() { NONE_GIVEN.to_owned() } else { typed }
    }

    /// Whether something was typed that would be lost.
    pub fn is_changed(&self) -> bool {
        self.reason.as_ref().is_some_and(|field| !field.is_empty())
            || self.typed.as_ref().is_some_and(|(_, field)| !field.is_empty())
    }

    /// How many rows it takes.
    pub fn rows(&self) -> u16 {
        u16::from(self.reason.is_some()) + u16::from(self.typed.is_some()) + 2
    }

    /// What can be done.
    pub fn actions(&self) -> Vec<Do> {
        let mut actions = vec![Do::NextField, Do::PreviousField, Do::Confirm, Do::Cancel];
        if self.is_at_button() {
            actions.extend([Do::ChoiceLeft, Do::ChoiceRight]);
            // Letters are never hot while somebody types, nor where a name has to be typed.
            if self.hears_letters() {
                actions.extend([Do::Yes, Do::No]);
            }
        }
        actions
    }

    /// What the hint line names.
    pub fn hints(&self) -> Vec<Hint> {
        let enter = match self.focus {
            Focus::Reason => Some("next"),
            Focus::Name => self.is_ready().then_some("next"),
            Focus::Cancel => Some("cancel"),
            Focus::Go => self.is_ready().then_some("do it"),
        };
        let mut hints: Vec<Hint> = enter.map(|words| Hint::says(Do::Confirm, words)).into_iter().collect();
        hints.push(Hint::says(Do::NextField, if self.is_at_button() { "other button" } else { "field" }));
        if self.is_at_button() && self.hears_letters() {
            hints.extend([Hint::says(Do::Yes, self.button.to_lowercase()), Hint::says(Do::No, "no")]);
        }
        hints.push(Do::Cancel.into());
        hints
    }

    /// Does one of the actions. Who says no is told that nothing was done.
    pub fn act(&mut self, action: Do, cx: &mut Context) -> Answered {
        self.refused = false;
        let answered = self.answer(action);
        if answered == Answered::No {
            cx.say("Nothing was done.");
        }
        answered
    }

    fn answer(&mut self, action: Do) -> Answered {
        match action {
            Do::Cancel | Do::No => return Answered::No,
            Do::Yes if self.is_ready() => return Answered::Yes,
            Do::NextField | Do::ChoiceRight => self.turn(1),
            Do::PreviousField | Do::ChoiceLeft => self.turn(self.order().len() - 1),
            Do::Confirm => return self.enter(),
            _ => {}
        }
        Answered::Open
    }

    /// Takes a key for the field that has them; false where it is none for it.
    pub fn key(&mut self, key: Key) -> bool {
        // The arrows go to the next field, and Home and End stay in it.
        if matches!(key.press, Press::Up | Press::Down) {
            return false;
        }
        self.refused = false;
        match key.press {
            // A word is no answer, whatever its letters are.
            Press::Char(char) if self.is_at_button() && char.is_alphanumeric() => {
                self.typing |= !matches!(char, 'y' | 'n' | 'Y' | 'N');
                self.typing
            }
            _ => self.field().is_some_and(|field| field.key(key)),
        }
    }

    fn hears_letters(&self) -> bool {
        self.typed.is_none() && !self.typing
    }

    /// A reason may be pasted, a name not.
    pub fn paste(&mut self, text: &str) {
        match self.focus {
            Focus::Name => self.refused = true,
            _ => drop(self.field().map(|field| field.insert(text))),
        }
    }

    /// Whether everything is there that has to be.
    pub fn is_ready(&self) -> bool {
        self.name_matches() && self.has_reason()
    }

    fn name_matches(&self) -> bool {
        self.typed.as_ref().is_none_or(|(expected, field)| field.text().as_str() == expected)
    }

    fn has_reason(&self) -> bool {
        let is_empty = self.reason.as_ref().is_none_or(|field| field.text().trim().is_empty());
        !(self.must_have_reason && is_empty)
    }

    fn is_at_button(&self) -> bool {
        matches!(self.focus, Focus::Cancel | Focus::Go)
    }

    fn order(&self) -> Vec<Focus> {
        let reason = self.reason.as_ref().map(|_| Focus::Reason);
        let name = self.typed.as_ref().map(|_| Focus::Name);
        reason.into_iter().chain(name).chain([Focus::Cancel, Focus::Go]).collect()
    }

    fn turn(&mut self, by: usize) {
        self.typing = false;
        let order = self.order();
        let at = order.iter().position(|focus| *focus == self.focus).unwrap_or(0);
        self.focus = order[(at + by) % order.len()];
    }

    fn enter(&mut self) -> Answered {
        match self.focus {
            Focus::Reason => self.turn(1),
            Focus::Name if self.is_ready() => self.focus = Focus::Go,
            Focus::Cancel => return Answered::No,
            Focus::Go if self.is_ready() => return Answered::Yes,
            Focus::Name | Focus::Go => {}
        }
        Answered::Open
    }

    fn field(&mut self) -> Option<&mut Field> {
        match self.focus {
            Focus::Reason => self.reason.as_mut(),
            Focus::Name => self.typed.as_mut().map(|(_, field)| field),
            Focus::Cancel | Focus::Go => None,
        }
    }

    /// Draws it; where there is one row, what has the keys.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        if area.height < self.rows() {
            return self.draw_focused(frame, area, cx);
        }
        let mut rows = area.rows();
        for (which, is_there) in [(Focus::Reason, self.reason.is_some()), (Focus::Name, self.typed.is_some())]
        {
            if is_there && let Some(row) = rows.next() {
                self.draw_field(frame, row, (which, cx));
            }
        }
        rows.next();
        if let Some(row) = rows.next() {
            self.buttons(frame, row, cx);
        }
    }

    fn draw_focused(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let row = Rect { height: area.height.min(1), ..area };
        if self.is_at_button() {
            self.buttons(frame, row, cx);
        } else {
            self.draw_field(frame, row, (self.focus, cx));
        }
    }

    fn draw_field(&self, frame: &mut Frame<'_>, row: Rect, (which, cx): (Focus, &Context)) {
        let (long, short, field) = match (which, &self.reason, &self.typed) {
            (Focus::Reason, Some(field), _) => {
                let long = if self.must_have_reason {
                    "Reason (required, for the audit)"
                } else {
                    "Reason (goes to the audit log)"
                };
                (long.to_owned(), "Reason", field)
            }
            (Focus::Name, _, Some((expected, field))) => {
                let long = if expected.contains(' ') {
                    format!("Type \"{expected}\" to go on")
                } else {
                    "Type the user name to go on".to_owned()
                };
                (long, "Type name", field)
            }
            _ => return,
        };
        let is_narrow = row.width < 60;
        let (label, at) = if is_narrow { (short.to_owned(), 11) } else { (long, LABEL) };
        let focused = self.focus == which;
        let style = if focused { cx.theme.head } else { cx.theme.text };
        put_safe(frame, row, 0, (&label, usize::from(at) - 1), cx, style);
        let place = Rect { x: row.x + at, width: row.width.saturating_sub(at), ..row };
        if self.refused && which == Focus::Name {
            let words = format!("{} type it: a pasted name proves nothing", cx.symbols.failed);
            return put(frame, place, 0, &cut(&words, place.width.into(), cx.symbols), cx.theme.error);
        }
        field.draw(frame, place, &Look { cx, focused, masked: false, style: cx.theme.text });
    }

    fn buttons(&self, frame: &mut Frame<'_>, row: Rect, cx: &Context) {
        let go = match (self.is_ready(), self.name_matches(), &self.typed) {
            (true, ..) => format!("[ {} ]", self.button),
            (_, false, Some((expected, _))) => format!("{} (type {expected} first)", self.button),
            _ => format!("{} (a reason first)", self.button),
        };
        let cancel = "[ Cancel ]";
        let room = usize::from(row.width).saturating_sub(width(cancel) + 3);
        let go = cut(&go, room, cx.symbols);
        let total = width(cancel) + 3 + width(&go);
        let at = u16::try_from(usize::from(row.width).saturating_sub(total) / 2).unwrap_or(0);
        let off = if self.is_ready() { cx.theme.text } else { cx.theme.dim };
        let style = |focus, usual| if self.focus == focus { cx.theme.selected } else { usual };
        put(frame, row, at, cancel, style(Focus::Cancel, cx.theme.text));
        let beside = at + u16::try_from(width(cancel)).unwrap_or(0) + 3;
        put(frame, row, beside, &go, style(Focus::Go, off));
        if self.is_at_button() {
            let at = if self.focus == Focus::Cancel { at } else { beside };
            frame.set_cursor_position((row.x + at, row.y));
        }
    }
}
