//! The first run: no vault was found, and what can be done about it.

use std::sync::Arc;

use ratatui::{Frame, layout::Rect};

use super::{
    codes::Codes,
    new_vault::NewVault,
    other_vault::{Chosen, OtherVault},
    unlock::Unlock,
};
use crate::{
    admin::demo::{DemoDoor, furnish},
    tui::{
        action::Do,
        class::Class,
        context::Context,
        frame::rule,
        key::{Key, Press},
        screen::{Extent, Hint, Screen, Step},
        session::Session,
        widgets::{boxed, centered, put_safe},
    },
};

/// What can be chosen: the words, and what they mean.
const CHOICES: [(&str, &str); 5] = [
    ("Create a new vault", "(about 20 seconds)"),
    ("Bring codes from another app", "(Aegis, 2FAS, Google)"),
    ("Open a vault file I already have", ""),
    ("Look around first with demo data", "(nothing is saved)"),
    ("Only use admin mode against MFA servers", ""),
];

/// The choices.
#[derive(Default)]
pub struct FirstRun {
    chosen: usize,
    /// The path of a vault that lies elsewhere, while it is typed.
    other: Option<OtherVault>,
}

impl FirstRun {
    fn take(&mut self, cx: &mut Context) -> Step {
        match self.chosen {
            at @ (0 | 1) => {
                cx.then_import = at == 1;
                if cx.may_change() { Step::Push(Box::new(NewVault::new(cx))) } else { Step::Stay }
            }
            2 => {
                self.other = Some(OtherVault::default());
                Step::Stay
            }
            3 => demo(cx),
            _ => Step::Admin,
        }
    }
}

/// Built-in accounts from here on; no file is touched.
fn demo(cx: &mut Context) -> Step {
    cx.mode.demo = true;
    cx.door = Arc::new(DemoDoor::new(cx.clock.clone()));
    furnish(&mut cx.config.admin);
    cx.settings_file = None;
    cx.view.forget();
    match Session::open(&Arc::new(crate::vault::demo::vault(cx.clock.clone()))) {
        Ok(session) => cx.session = Some(session),
        Err(error) => cx.fail(crate::tui::notice::sentence(&error)),
    }
    Step::Replace(Box::new(Codes::new(cx)))
}

impl Screen for FirstRun {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        if self.other.is_some() {
            return OtherVault::actions();
        }
        vec![Do::ChooseNumber, Do::Choose, Do::Up, Do::Down]
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        if self.other.is_some() {
            return OtherVault::hints();
        }
        let numbers = Hint { action: Do::ChooseNumber, key: Some("1-5 or ↑↓ Enter"), words: None };
        vec![numbers, Do::Help.into(), Do::Quit.into()]
    }

    fn act(&mut self, action: Do, key: Key, cx: &mut Context) -> Step {
        if let Some(other) = &mut self.other {
            match other.act(action, cx) {
                Chosen::No => {}
                Chosen::Cancelled => self.other = None,
                Chosen::Yes => return Step::Replace(Box::new(Unlock::first())),
            }
            return Step::Stay;
        }
        match action {
            Do::Up => self.chosen = self.chosen.saturating_sub(1),
            Do::Down => self.chosen = (self.chosen + 1).min(CHOICES.len() - 1),
            Do::ChooseNumber => {
                let Press::Char(digit) = key.press else { return Step::Stay };
                let number = digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok()).unwrap_or(0);
                if (1..=CHOICES.len()).contains(&number) {
                    self.chosen = number - 1;
                    return self.take(cx);
                }
            }
            _ => return self.take(cx),
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, _cx: &mut Context) -> Option<Step> {
        self.other.as_mut()?.key(key).then_some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, _cx: &mut Context) -> Option<Step> {
        self.other.as_mut()?.insert(text);
        Some(Step::Stay)
    }

    fn opens_a_vault(&self) -> bool {
        true
    }

    fn extent(&self) -> Extent {
        Extent::Page
    }

    fn state(&self, _cx: &Context) -> Option<String> {
        Some("first run".to_owned())
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        if let Some(other) = &self.other {
            return other.draw(frame, area, cx);
        }
        let tiny = Class::of(cx.size).is_tiny();
        let mut lines = Vec::new();
        if !tiny {
            rule(frame, area, area.y, cx);
            lines.extend([
                "Welcome. No vault was found here. What would you like to do?".to_owned(),
                String::new(),
            ]);
        }
        let first = lines.len();
        for (at, (words, meaning)) in CHOICES.iter().enumerate() {
            lines.push(format!("  {}  {words:<38} {meaning}", at + 1));
        }
        if !tiny {
            let path = format!("  {}", cx.shown_path());
            lines.extend([
                String::new(),
                "The vault is a standard age file:".to_owned(),
                path,
                String::new(),
            ]);
            lines.push("Nothing is sent anywhere unless you set up a server.".to_owned());
        }
        let rows = u16::try_from(lines.len()).unwrap_or(0) + 2;
        let inner = if tiny { area } else { boxed(frame, centered(area, 70, rows), "Set up", "", cx) };
        for (at, (row, line)) in inner.rows().zip(&lines).enumerate() {
            let style = if at == first + self.chosen { cx.theme.selected } else { cx.theme.text };
            put_safe(frame, row, 0, (line, row.width.into()), cx, style);
        }
    }
}
