//! A passcode: shown once, gone when the box closes.

use ratatui::{Frame, layout::Rect};

use crate::{
    admin::action::Issued,
    otp::grouped,
    tui::{
        action::Do,
        admin::words,
        clip::Copy,
        context::Context,
        key::Key,
        screen::{Hint, Screen, Step},
        widgets::{boxed, centered, fill, put, put_safe},
    },
};

/// The box.
pub struct Once {
    name: String,
    issued: Issued,
    copied: bool,
}

impl Once {
    /// The passcode of a user.
    pub fn new(name: &str, issued: Issued) -> Self {
        Self { name: name.to_owned(), issued, copied: false }
    }

    fn copy(&mut self, cx: &mut Context) {
        let name = format!("{} passcode", crate::text::safe_cut(&self.name, 30));
        let left = self.issued.valid_until.duration_since(cx.now()).as_secs();
        let left = u64::try_from(left).ok();
        let copy = Copy { text: &self.issued.passcode, name: &name, left, is_next: false, is_secret: true };
        match cx.clip.copy(&copy) {
            Ok(words) => {
                self.copied = true;
                cx.done(words);
            }
            Err(why) => cx.fail(format!("The passcode was not copied. {why}")),
        }
    }

    fn close(&mut self, cx: &mut Context) -> Step {
        let until = words::until(self.issued.valid_until, cx);
        let from = if self.copied && cx.clip.clear() { ", in the clipboard too" } else { "" };
        cx.done(format!("The passcode of {} is hidden{from}; it is good until {until}.", self.name));
        Step::Pop
    }
}

impl Screen for Once {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        vec![Do::CopyPasscode, Do::Close]
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        vec![Do::CopyPasscode.into(), Hint::says(Do::Close, "close, it is not shown again")]
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match action {
            Do::CopyPasscode => self.copy(cx),
            _ => return self.close(cx),
        }
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn is_changed(&self) -> bool {
        true
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let code = grouped(&self.issued.passcode, 4);
        if area.height < 6 {
            for row in area.rows() {
                fill(frame, row, " ", cx.theme.text);
            }
            return put(frame, area, 0, &code, cx.theme.code);
        }
        let inner = boxed(frame, centered(area, 58, 8), "Passcode", "", cx);
        let lines = [
            (
                format!("For {}, good once until {}:", self.name, words::until(self.issued.valid_until, cx)),
                cx.theme.text,
            ),
            (String::new(), cx.theme.text),
            (format!("    {code}"), cx.theme.code),
            (String::new(), cx.theme.text),
            ("It is shown once. Read it out, or copy it with y.".to_owned(), cx.theme.dim),
        ];
        for (row, (line, style)) in inner.rows().zip(&lines) {
            put_safe(frame, row, 0, (line, row.width.into()), cx, *style);
        }
    }
}
