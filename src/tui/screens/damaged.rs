//! A vault whose passphrase is right and whose file is not: what is wrong, and a key for each way out.
//!
//! The copies are the vault's business; here one is chosen. Nothing is deleted by it.

use std::sync::Arc;

use ratatui::{Frame, layout::Rect};

use crate::{
    tui::{
        action::Do,
        context::Context,
        frame::rule,
        key::Key,
        message::Message,
        notice::sentence,
        screen::{Extent, Hint, Screen, Step},
        session::Session,
        widgets::{boxed, centered, put, wrapped},
    },
    vault::{Vault, VaultError, advice::local_time},
};

/// The widest box.
const WIDTH: u16 = 72;

/// What is wrong, and the vault that waits for an answer.
pub struct Damaged {
    vault: Arc<Vault>,
    words: String,
    /// It is whole, but older than what this machine has seen: it can be kept as it is.
    is_older: bool,
    running: Option<u64>,
}

impl Damaged {
    /// The screen for this error; `None` where no copy can help.
    pub fn new(vault: Arc<Vault>, error: &VaultError) -> Option<Self> {
        let is_older = matches!(error, VaultError::RolledBack { .. });
        let helps = is_older || matches!(error, VaultError::Damaged { .. } | VaultError::Forged { .. });
        helps.then(|| Self { vault, words: sentence(error), is_older, running: None })
    }

    /// Brings a version back, unless that is under way or nothing may be changed.
    fn restore(&mut self, newest_copy: bool, cx: &mut Context) {
        if self.running.is_none() && cx.may_change() {
            self.running = Some(cx.jobs.restore(&self.vault, newest_copy));
        }
    }
}

impl Screen for Damaged {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        let keep = self.is_older.then_some(Do::KeepVersion);
        [Do::UseCopy, Do::Cancel].into_iter().chain(keep).collect()
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        let keep = self.is_older.then(|| Do::KeepVersion.into());
        [Do::UseCopy.into()].into_iter().chain(keep).chain([Do::Cancel.into(), Do::Stop.into()]).collect()
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match action {
            Do::UseCopy => self.restore(true, cx),
            Do::KeepVersion => self.restore(false, cx),
            _ if self.running.is_some() => {}
            _ => return Step::Pop,
        }
        Step::Stay
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        let Message::Restored(number, result) = message else { return Step::Stay };
        if self.running != Some(*number) {
            return Step::Stay;
        }
        self.running = None;
        let opened = match result {
            Err(error) => Err(sentence(error)),
            Ok(restored) => Session::open(&self.vault).map(|s| (s, restored)).map_err(|e| sentence(&e)),
        };
        match opened {
            Err(words) => self.words = words,
            Ok((session, restored)) => {
                cx.session = Some(session);
                cx.last_key = cx.now();
                let of = restored.written.map(|time| format!(" of {}", local_time(time))).unwrap_or_default();
                cx.done(format!("The version{of} is back; what it replaced is kept in backups/"));
                return Step::Opened;
            }
        }
        Step::Stay
    }

    fn opens_a_vault(&self) -> bool {
        true
    }

    fn extent(&self) -> Extent {
        Extent::Page
    }

    fn state(&self, _cx: &Context) -> Option<String> {
        Some("locked".to_owned())
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let width = WIDTH.min(area.width);
        let text = format!("{} {}", cx.symbols.failed, crate::text::safe(&self.words));
        let lines = wrapped(&text, usize::from(width.saturating_sub(4)));
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(4);
        rule(frame, area, area.y, cx);
        let area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        let inner = boxed(frame, centered(area, width, rows), "The vault", "", cx);
        let skipped = usize::from(inner.height > u16::try_from(lines.len()).unwrap_or(u16::MAX));
        for (row, line) in inner.rows().skip(skipped).zip(&lines) {
            put(frame, row, 0, line, cx.theme.error);
        }
    }
}
