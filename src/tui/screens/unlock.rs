//! The passphrase of a vault that is closed: at the start, and after it was locked. Nothing of its content is shown.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use ratatui::{Frame, layout::Rect};

use super::{
    damaged::Damaged,
    detail::ago,
    other_vault::{Chosen, OtherVault},
};
use crate::{
    crypt::passphrase::Passphrase,
    tui::{
        action::Do,
        class::Class,
        context::Context,
        frame::rule,
        key::Key,
        message::Message,
        screen::{Extent, Hint, Screen, Step},
        session::Session,
        widgets::{
            boxed, centered,
            field::{Field, Look, Took},
            put, put_safe,
        },
    },
    vault::Vault,
};

/// The longest passphrase, in characters.
const LIMIT: usize = 1_024;
/// After so many wrong passphrases each further one waits.
const FREE_TRIES: u32 = 3;
/// The longest wait.
const LONGEST_WAIT: i64 = 30;

/// The box for the passphrase.
pub struct Unlock {
    field: Field,
    shown: bool,
    /// Why it was locked, and when; nothing at the start.
    locked: Option<(String, Timestamp)>,
    cleared: bool,
    fault: Option<String>,
    wrong: u32,
    wait_until: Option<Timestamp>,
    running: Option<u64>,
    /// The path of another vault, while it is typed.
    other: Option<OtherVault>,
}

impl Unlock {
    /// At the start.
    pub fn first() -> Self {
        Self {
            field: Field::new(LIMIT),
            shown: false,
            locked: None,
            cleared: false,
            fault: None,
            wrong: 0,
            wait_until: None,
            running: None,
            other: None,
        }
    }

    /// After it was locked, and whether the clipboard was cleared.
    pub fn locked(why: &str, cleared: bool, cx: &Context) -> Self {
        Self { locked: Some((why.to_owned(), cx.now())), cleared, ..Self::first() }
    }

    fn submit(&mut self, cx: &mut Context) -> Step {
        if self.running.is_some() || self.wait(cx).is_some() {
            return Step::Stay;
        }
        if cx.mode.demo {
            let vault = crate::vault::demo::vault(cx.clock.clone());
            return self.opened(vault, cx);
        }
        let Some(passphrase) = Passphrase::new(&self.field.text()) else {
            self.fault = Some("Type the passphrase first.".to_owned());
            return Step::Stay;
        };
        self.fault = None;
        self.running = Some(cx.jobs.unlock(cx.place.clone(), passphrase, cx.world.clone()));
        Step::Stay
    }

    fn opened(&mut self, vault: Vault, cx: &mut Context) -> Step {
        let vault = Arc::new(vault);
        match Session::open(&vault) {
            Ok(session) => {
                cx.session = Some(session);
                cx.last_key = cx.now();
                Step::Opened
            }
            Err(error) => {
                self.field.clear();
                self.fault = Some(crate::tui::notice::sentence(&error));
                Damaged::new(vault, &error).map_or(Step::Stay, |screen| Step::Push(Box::new(screen)))
            }
        }
    }

    fn refused(&mut self, words: &str, cx: &Context) {
        self.field.clear();
        self.fault = Some(format!("{words} Caps Lock may be on."));
        self.wrong += 1;
        if self.wrong >= FREE_TRIES {
            let seconds = (1_i64 << (self.wrong - FREE_TRIES).min(5)).min(LONGEST_WAIT);
            self.wait_until = Some(cx.now() + SignedDuration::from_secs(seconds));
        }
    }

    /// The seconds that have to pass before the next try.
    fn wait(&self, cx: &Context) -> Option<i64> {
        let left = self.wait_until?.duration_since(cx.now()).as_secs() + 1;
        (self.wait_until? > cx.now()).then_some(left)
    }

    fn lines(&self, cx: &Context) -> Vec<(String, bool)> {
        let mut lines = Vec::new();
        if let Some((why, _)) = &self.locked {
            lines.push((why.clone(), false));
        }
        if cx.mode.demo {
            lines.push(("Demo: any passphrase opens it.".to_owned(), false));
        }
        lines
    }

    fn foot(&self, cx: &Context) -> Vec<(String, bool)> {
        let mut lines = Vec::new();
        if self.locked.is_some() {
            let clipboard = if self.cleared { " The clipboard was cleared." } else { "" };
            lines.push((format!("The screen holds no codes.{clipboard}"), false));
        } else if !cx.mode.demo {
            lines.push((file_line(cx), false));
        }
        if let Some(fault) = &self.fault {
            lines.push((format!("{} {fault}", cx.symbols.failed), true));
        }
        if let Some(seconds) = self.wait(cx) {
            lines.push((format!("The next try is possible in {seconds} s."), false));
        } else if self.running.is_some() {
            lines.push(("opening …".to_owned(), false));
        }
        lines
    }
}

impl Screen for Unlock {
    fn actions(&self, cx: &Context) -> Vec<Do> {
        if self.other.is_some() {
            return OtherVault::actions();
        }
        let other = (!cx.mode.demo && self.running.is_none()).then_some(Do::OtherVault);
        [Do::Unlock, Do::ShowSecret].into_iter().chain(other).collect()
    }

    fn hints(&self, cx: &Context) -> Vec<Hint> {
        if self.other.is_some() {
            return OtherVault::hints();
        }
        let show = if self.shown { "hide what I type" } else { "show what I type" };
        let mut hints = vec![Do::Unlock.into(), Hint::says(Do::ShowSecret, show)];
        hints.extend((!cx.mode.demo).then(|| Hint::from(Do::OtherVault)));
        hints.push(Do::Stop.into());
        if Class::of(cx.size).is_tiny() {
            hints.swap_remove(1);
        }
        hints
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        if let Some(other) = &mut self.other {
            match other.act(action, cx) {
                Chosen::No => {}
                Chosen::Cancelled => self.other = None,
                Chosen::Yes => *self = Self::first(),
            }
            return Step::Stay;
        }
        match action {
            Do::OtherVault => self.other = Some(OtherVault::default()),
            Do::Unlock => return self.submit(cx),
            _ => self.shown = !self.shown,
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, _cx: &mut Context) -> Option<Step> {
        let taken = match &mut self.other {
            Some(other) => other.key(key),
            None => self.field.key(key),
        };
        taken.then_some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, _cx: &mut Context) -> Option<Step> {
        if let Some(other) = &mut self.other {
            other.insert(text);
        } else if let Took::TooLong(limit) = self.field.insert(text.trim_end_matches(['\n', '\r'])) {
            self.fault = Some(format!("That is longer than {limit} characters; nothing was pasted."));
        }
        Some(Step::Stay)
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        match message {
            Message::Opened(number, vault) if self.running == Some(*number) => {
                self.running = None;
                let Some(vault) = vault.take() else { return Step::Stay };
                return self.opened(vault, cx);
            }
            Message::NotOpened(number, words) if self.running == Some(*number) => {
                self.running = None;
                self.refused(words, cx);
            }
            _ => {}
        }
        Step::Stay
    }

    fn opens_a_vault(&self) -> bool {
        true
    }

    fn extent(&self) -> Extent {
        Extent::Page
    }

    fn state(&self, cx: &Context) -> Option<String> {
        Some(match &self.locked {
            None => "locked".to_owned(),
            Some((_, at)) => {
                let zone = if cx.mode.demo { TimeZone::UTC } else { TimeZone::system() };
                format!("locked {}", at.to_zoned(zone).strftime("%H:%M"))
            }
        })
    }

    fn changes_in(&self, cx: &Context) -> Option<u64> {
        self.wait(cx).map(|_| 1)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        if let Some(other) = &self.other {
            return other.draw(frame, area, cx);
        }
        let class = Class::of(cx.size);
        if !class.is_tiny() {
            rule(frame, area, area.y, cx);
        }
        let (head, foot) = (self.lines(cx), self.foot(cx));
        let title = if self.locked.is_some() { "Locked" } else { "Unlock" };
        if class.is_tiny() {
            let words = foot.iter().find(|(_, is_fault)| *is_fault).or(head.first());
            let words = words.map_or(title, |(words, _)| words);
            put_safe(frame, area, 0, (words, area.width.into()), cx, cx.theme.text);
            let row = Rect { y: area.y + 1, height: 1.min(area.height.saturating_sub(1)), ..area };
            return self.draw_field(frame, row, cx);
        }
        let gap = u16::from(!head.is_empty());
        let rows = u16::try_from(head.len() + foot.len()).unwrap_or(0) + gap + 5;
        let area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        let inner = boxed(frame, centered(area, 68, rows), title, "", cx);
        for (row, (words, _)) in inner.rows().skip(1).zip(&head) {
            put_safe(frame, row, 0, (words, inner.width.into()), cx, cx.theme.text);
        }
        let mut rest = inner.rows().skip(1 + head.len() + usize::from(gap));
        if let Some(row) = rest.next() {
            self.draw_field(frame, row, cx);
        }
        for (row, (words, is_fault)) in rest.skip(1).zip(&foot) {
            let style = if *is_fault { cx.theme.error } else { cx.theme.text };
            put_safe(frame, row, 0, (words, inner.width.into()), cx, style);
        }
    }
}

impl Unlock {
    fn draw_field(&self, frame: &mut Frame<'_>, row: Rect, cx: &Context) {
        put(frame, row, 0, "Passphrase", cx.theme.dim);
        let field = Rect { x: row.x + 12, width: row.width.saturating_sub(12), ..row };
        self.field.draw(frame, field, &Look { cx, focused: true, masked: !self.shown, style: cx.theme.text });
    }
}

/// Where the vault lies, and when it was changed.
fn file_line(cx: &Context) -> String {
    let (path, shown) = (cx.place.vault(), cx.shown_path());
    let changed = std::fs::metadata(&path).and_then(|facts| facts.modified()).ok();
    let changed = changed.and_then(|time| Timestamp::try_from(time).ok());
    changed.map_or(shown.clone(), |time| format!("{shown}   changed {}", ago(time, cx.now())))
}
