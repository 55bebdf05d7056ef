//! A server's profile: added or edited. The settings go into their file, the token into the system keyring.

use std::sync::Arc;

use ratatui::{Frame, layout::Rect};
use zeroize::Zeroizing;

use crate::{
    config::{Server, TokenSource},
    tui::{
        action::Do,
        admin::{
            answer::{Answer, Reply},
            link::kind_word,
            profiles::{self, Draft},
        },
        context::Context,
        key::{Key, Press},
        message::Message,
        screen::{Hint, Screen, Step},
        widgets::{
            boxed, centered,
            field::{Field, Look, Took},
            put, put_safe, wrapped,
        },
    },
};

/// The width of the box.
const WIDTH: u16 = 72;
/// The columns of the words before a field.
const LABEL: u16 = 12;
/// The longest text of a field.
const LIMIT: usize = 2_048;

/// The form.
pub struct Profile {
    /// The name of the one that is edited; none for a new one.
    edits: Option<String>,
    fields: [Field; 5],
    read_only: bool,
    focus: usize,
    touched: bool,
    fault: Option<String>,
    saving: Option<u64>,
    /// Where the token is, where that is not the keyring.
    elsewhere: bool,
}

const NAME: usize = 0;
const ADDRESS: usize = 1;
const KIND: usize = 2;
const TOKEN: usize = 3;
const CA_FILE: usize = 4;
const READ_ONLY: usize = 5;
const SAVE: usize = 6;
const ROWS: usize = 7;
const LABELS: [&str; 6] = ["Name", "Address", "Kind", "Token", "CA file", "Read only"];

impl Profile {
    /// A new one.
    pub fn add() -> Self {
        let fields = ["", "https://", "prod", "", ""].map(|text| Field::with(text, LIMIT));
        Self {
            edits: None,
            fields,
            read_only: false,
            focus: NAME,
            touched: false,
            fault: None,
            saving: None,
            elsewhere: false,
        }
    }

    /// One that is there. Its token stays unless a new one is typed.
    pub fn edit(name: &str, server: &Server) -> Self {
        let ca_file = server.ca_file.as_ref().map_or_else(String::new, |path| path.display().to_string());
        let kind = kind_word(&server.kind).to_lowercase();
        let texts = [name, &server.url, &kind, "", &ca_file];
        Self {
            edits: Some(name.to_owned()),
            fields: texts.map(|text| Field::with(text, LIMIT)),
            read_only: server.read_only,
            focus: ADDRESS,
            elsewhere: server.token != TokenSource::Keyring,
            ..Self::add()
        }
    }

    fn text(&self, at: usize) -> String {
        self.fields[at].text().trim().to_owned()
    }

    fn draft(&self) -> Draft {
        let token = Zeroizing::new(self.fields[TOKEN].text().trim().to_owned());
        let mut values = vec![
            ("url", self.text(ADDRESS)),
            ("kind", self.text(KIND).to_lowercase()),
            ("ca_file", self.text(CA_FILE)),
            ("read_only", if self.read_only { "true".to_owned() } else { String::new() }),
        ];
        if !token.is_empty() {
            values.push(("token", "keyring".to_owned()));
        }
        Draft { name: self.text(NAME), values, token: (!token.is_empty()).then_some(token) }
    }

    fn save(&mut self, cx: &mut Context) {
        if self.saving.is_some() {
            return;
        }
        let draft = self.draft();
        self.fault = profiles::fault(&draft).or_else(|| self.own_fault(&draft, cx));
        let Some(path) = cx.settings_file.clone().filter(|_| self.fault.is_none()) else { return };
        let tokens = Arc::clone(&cx.tokens);
        self.saving = Some(cx.jobs.ask(move |number| {
            let kept = profiles::keep(&path, &*tokens, &draft).map(Box::new);
            Message::Admin(Reply {
                number,
                took: std::time::Duration::ZERO,
                answer: Answer::ProfileKept(draft.name, kept),
            })
        }));
    }

    fn own_fault(&self, draft: &Draft, cx: &Context) -> Option<String> {
        let is_new = self.edits.as_ref() != Some(&draft.name);
        if is_new && cx.config.admin.servers.contains_key(&draft.name) {
            return Some(format!("There is a server called {} already.", draft.name));
        }
        if self.edits.is_none() && draft.token.is_none() {
            return Some("A server needs a token: paste the one it was given.".to_owned());
        }
        cx.settings_file.is_none().then(|| "The demo keeps nothing.".to_owned())
    }

    fn turn(&mut self, by: usize) {
        self.focus = (self.focus + by) % ROWS;
        // The name is what the token is kept under: another name is another server.
        if self.edits.is_some() && self.focus == NAME {
            self.focus = (self.focus + by) % ROWS;
        }
    }

    fn advice(&self) -> &'static str {
        match self.focus {
            NAME => "What you call it: mfa-prod.",
            ADDRESS => "https://…; http is for this machine alone.",
            KIND => "prod, test, lab, or an own word of up to five letters: shown on every screen of it.",
            TOKEN if self.elsewhere => "It is not in the keyring now; what is typed here goes there.",
            TOKEN if self.edits.is_some() => "Empty: the token that is there stays.",
            TOKEN => "An API key of the server. It goes into the system keyring and nowhere else.",
            CA_FILE => "Certificates (PEM) to trust instead of the system's; mostly empty.",
            READ_ONLY => "Every change is refused.",
            _ => "",
        }
    }
}

impl Screen for Profile {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        let switch = (self.focus == READ_ONLY).then_some(Do::Switch);
        let all = [Do::NextField, Do::PreviousField, Do::FieldDone, Do::Save, Do::Cancel];
        all.into_iter().chain(switch).collect()
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        let switch = (self.focus == READ_ONLY).then(|| Hint::says(Do::Switch, "switch"));
        let enter = Hint::says(Do::FieldDone, if self.focus == SAVE { "save" } else { "next" });
        let all = [enter, Do::NextField.into(), Do::Save.into(), Do::Cancel.into()];
        switch.into_iter().chain(all).collect()
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Cancel => return Step::Pop,
            Do::Save => self.save(cx),
            Do::FieldDone if self.focus == SAVE => self.save(cx),
            Do::PreviousField => self.turn(ROWS - 1),
            Do::Switch => (self.read_only, self.touched) = (!self.read_only, true),
            _ => self.turn(1),
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, _cx: &mut Context) -> Option<Step> {
        if matches!(key.press, Press::Up | Press::Down) {
            return None;
        }
        let taken = self.fields.get_mut(self.focus).is_some_and(|field| field.key(key));
        if taken {
            (self.touched, self.fault) = (true, None);
        }
        taken.then_some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, _cx: &mut Context) -> Option<Step> {
        if let Some(field) = self.fields.get_mut(self.focus) {
            self.touched = true;
            if let Took::TooLong(limit) = field.insert(text.trim()) {
                self.fault = Some(format!("That is longer than {limit} characters; nothing was pasted."));
            }
        }
        Some(Step::Stay)
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        let Message::Admin(reply) = message else { return Step::Stay };
        if self.saving != Some(reply.number) {
            return Step::Stay;
        }
        self.saving = None;
        match &reply.answer {
            Answer::ProfileKept(name, Ok(server)) => {
                cx.config.admin.servers.insert(name.clone(), (**server).clone());
                cx.done(format!("{name} is set up."));
                Step::Pop
            }
            Answer::ProfileKept(_, Err(words)) => {
                self.fault = Some(words.clone());
                Step::Stay
            }
            _ => Step::Stay,
        }
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn is_changed(&self) -> bool {
        self.touched
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let title = if self.edits.is_some() { "Edit server" } else { "Add a server" };
        let words = self.fault.as_deref().unwrap_or_else(|| self.advice());
        let inner = boxed(frame, centered(area, WIDTH, 12), title, "", cx);
        let told = wrapped(words, inner.width.into());
        let top =
            if inner.height >= 10 { 0 } else { self.focus.saturating_sub(usize::from(inner.height) / 2) };
        let mut rows = inner.rows();
        for at in top..ROWS {
            let Some(row) = rows.next() else { return };
            self.draw_row(frame, row, (at, cx));
        }
        rows.next();
        let style = if self.fault.is_some() { cx.theme.error } else { cx.theme.dim };
        for (row, line) in rows.zip(&told) {
            put_safe(frame, row, 0, (line, row.width.into()), cx, style);
        }
    }
}

impl Profile {
    fn draw_row(&self, frame: &mut Frame<'_>, row: Rect, (at, cx): (usize, &Context)) {
        let focused = self.focus == at;
        let place = Rect { x: row.x + LABEL, width: row.width.saturating_sub(LABEL), ..row };
        if at == SAVE {
            let words = if self.saving.is_some() { "saving …" } else { "[ Save ]" };
            return put(frame, place, 0, words, if focused { cx.theme.selected } else { cx.theme.text });
        }
        put(frame, row, 0, LABELS[at], if focused { cx.theme.head } else { cx.theme.dim });
        if at == READ_ONLY {
            let words =
                if self.read_only { "[x] every change is refused" } else { "[ ] every change is refused" };
            return put(frame, place, 0, words, if focused { cx.theme.selected } else { cx.theme.text });
        }
        let masked = at == TOKEN;
        self.fields[at].draw(frame, place, &Look { cx, focused, masked, style: cx.theme.text });
    }
}
