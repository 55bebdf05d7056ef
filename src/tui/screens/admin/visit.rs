//! Signing in with a browser: the link to open and its picture, while a thread asks whether somebody was there.

use ratatui::{Frame, layout::Rect, style::Style};

use crate::{
    qr::Qr,
    text::safe,
    tui::{
        action::Do,
        admin::{answer::Answer, wanted::Visit},
        context::Context,
        key::Key,
        message::Message,
        screen::{Extent, Hint, Screen, Step},
        screens::qr::drawn,
        widgets::{put, put_safe, wrapped},
    },
};

/// Columns of the words, and between them and the picture.
const WORDS: u16 = 34;
const GAP: u16 = 3;

/// The link.
pub struct Browser {
    visit: Visit,
    qr: Option<Qr>,
}

impl Browser {
    /// For a sign-in that waits.
    pub fn new(visit: Visit) -> Self {
        let qr = Qr::encode_small(&visit.place.link).ok();
        Self { visit, qr }
    }

    fn words(&self, columns: u16, cx: &Context) -> Vec<(String, Style)> {
        let (place, text) = (&self.visit.place, cx.theme.text);
        let parts = [
            (
                format!("Sign in to {} with a browser, here or on a telephone.", safe(&self.visit.server)),
                text,
            ),
            (String::new(), text),
            ("Scan the picture, or open".to_owned(), text),
            (safe(&place.address).into_owned(), cx.theme.head),
            ("and type".to_owned(), text),
            (String::new(), text),
            (format!("    {}", safe(&place.code)), cx.theme.code),
            (String::new(), text),
            ("This page closes by itself once you are signed in.".to_owned(), cx.theme.dim),
        ];
        let lines = |(part, style): (String, Style)| {
            let own = match part.as_str() {
                "" => vec![String::new()],
                address if !address.contains(' ') => broken(address, columns.into()),
                code if code.starts_with(' ') => vec![part],
                words => wrapped(words, columns.into()),
            };
            own.into_iter().map(move |line| (line, style)).collect::<Vec<_>>()
        };
        parts.into_iter().flat_map(lines).collect()
    }
}

/// An address in lines: it has no blanks, and every letter of it is needed.
fn broken(address: &str, columns: usize) -> Vec<String> {
    let letters: Vec<char> = address.chars().collect();
    letters.chunks(columns.max(1)).map(|line| line.iter().collect()).collect()
}

impl Screen for Browser {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        vec![Do::Cancel]
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        vec![Hint::says(Do::Cancel, "give up")]
    }

    fn act(&mut self, _action: Do, _key: Key, _cx: &mut Context) -> Step {
        Step::Pop
    }

    /// Somebody stopped waiting for the server: nobody has to sign in any more.
    fn on_message(&mut self, message: &Message, _cx: &mut Context) -> Step {
        match message {
            Message::Admin(reply) if matches!(reply.answer, Answer::Cancelled) => Step::Pop,
            _ => Step::Stay,
        }
    }

    /// A thread that waits no longer has let go of its end.
    fn on_tick(&mut self, _cx: &mut Context) -> Step {
        if self.visit.held.send(()).is_err() { Step::Pop } else { Step::Stay }
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn extent(&self) -> Extent {
        Extent::Whole
    }

    fn place(&self, cx: &Context) -> String {
        format!("{} {} Browser", safe(&self.visit.server), cx.symbols.then)
    }

    fn changes_in(&self, _cx: &Context) -> Option<u64> {
        Some(1)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let beside = Rect { width: area.width.saturating_sub(WORDS + GAP), ..area };
        let picture = self.qr.as_ref().and_then(|qr| drawn(qr, false, beside, cx));
        let mut words = area;
        if let Some((text, (columns, _))) = &picture {
            for (row, line) in area.rows().zip(text.lines()) {
                put(frame, row, 0, line, cx.theme.qr);
            }
            words = Rect { x: area.x + columns + GAP, width: area.width - columns - GAP, ..area };
        }
        for (row, (line, style)) in words.rows().zip(self.words(words.width, cx)) {
            put_safe(frame, row, 0, (&line, row.width.into()), cx, style);
        }
    }
}
