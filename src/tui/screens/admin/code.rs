//! The second step of the administrator's own sign-in: a small box for the code, while a thread waits for it.

use ratatui::{Frame, layout::Rect};

use crate::tui::{
    action::Do,
    admin::{answer::Answer, wanted},
    context::Context,
    key::{Key, Press},
    message::Message,
    screen::{Hint, Screen, Step},
    widgets::{
        boxed, centered,
        field::{Field, Look, Took},
        fill, put_safe,
    },
};

/// The widest box.
const WIDTH: u16 = 58;
/// The longest code.
const LIMIT: usize = 10;

/// The box.
pub struct TypeCode {
    wanted: wanted::Code,
    field: Field,
    fault: Option<String>,
}

impl TypeCode {
    /// For a sign-in that waits.
    pub fn new(wanted: wanted::Code) -> Self {
        let fault = wanted.again.then(|| "That code was refused. Type the next one.".to_owned());
        Self { wanted, field: Field::new(LIMIT), fault }
    }

    fn send(&mut self) -> Step {
        if self.field.is_empty() {
            self.fault = Some("Type the digits first.".to_owned());
            return Step::Stay;
        }
        // A thread that waits no longer takes none.
        let _ = self.wanted.reply.send(self.field.text());
        Step::Pop
    }
}

impl Screen for TypeCode {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        vec![Do::Choose, Do::Cancel]
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        vec![Hint::says(Do::Choose, "sign in"), Hint::says(Do::Cancel, "give up")]
    }

    fn act(&mut self, action: Do, _key: Key, _cx: &mut Context) -> Step {
        match action {
            Do::Choose => self.send(),
            _ => Step::Pop,
        }
    }

    fn on_key(&mut self, key: Key, _cx: &mut Context) -> Option<Step> {
        let is_other = matches!(key.press, Press::Char(char) if !key.ctrl && !char.is_ascii_digit());
        if is_other || matches!(key.press, Press::Up | Press::Down) || !self.field.key(key) {
            return None;
        }
        self.fault = None;
        Some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, _cx: &mut Context) -> Option<Step> {
        let digits = zeroize::Zeroizing::new(text.split_whitespace().collect::<String>());
        let is_code = digits.bytes().all(|byte| byte.is_ascii_digit());
        self.fault = if is_code && !matches!(self.field.insert(&digits), Took::TooLong(_)) {
            None
        } else {
            Some("That is no code: nothing was pasted.".to_owned())
        };
        Some(Step::Stay)
    }

    /// Somebody stopped waiting for the server: the code is wanted no longer.
    fn on_message(&mut self, message: &Message, _cx: &mut Context) -> Step {
        match message {
            Message::Admin(reply) if matches!(reply.answer, Answer::Cancelled) => Step::Pop,
            _ => Step::Stay,
        }
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let look = Look { cx, focused: true, masked: false, style: cx.theme.code };
        if area.height < 6 {
            for row in area.rows() {
                fill(frame, row, " ", cx.theme.text);
            }
            return self.field.draw(frame, Rect { height: area.height.min(1), ..area }, &look);
        }
        let kind = cx.admin.as_ref().map_or_else(String::new, |link| format!(" ({})", link.kind()));
        let inner = boxed(frame, centered(area, WIDTH, 6), "Second step", "", cx);
        let words = format!("Code for {} on {}{kind}:", self.wanted.user, self.wanted.server);
        let (below, style) = match &self.fault {
            Some(fault) => (format!("{} {fault}", cx.symbols.failed), cx.theme.error),
            None => ("The digits that your authenticator shows now.".to_owned(), cx.theme.dim),
        };
        for (nth, row) in inner.rows().enumerate() {
            let row_of = |text: &str, frame: &mut Frame<'_>, style| {
                put_safe(frame, row, 0, (text, row.width.into()), cx, style);
            };
            match nth {
                0 => row_of(&words, frame, cx.theme.text),
                1 => self.field.draw(frame, row, &look),
                3 => row_of(&below, frame, style),
                _ => {}
            }
        }
    }
}
