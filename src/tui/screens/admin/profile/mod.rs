//! A server's profile: added or edited. The settings go into their file, the token into the system keyring or the vault.

mod draw;
mod part;

use zeroize::Zeroizing;

use self::part::{About, Part, secret};
use crate::{
    config::{ProviderKind, Server, TokenSource},
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
        widgets::field::{Field, Took},
    },
};

/// The longest text of a field.
const LIMIT: usize = 2_048;

/// The form.
pub struct Profile {
    /// The name of the one that is edited; none for a new one.
    edits: Option<String>,
    /// A field for each row; those that are not typed into stay empty.
    fields: [Field; Part::COUNT],
    provider: ProviderKind,
    /// Where the token is.
    token: TokenSource,
    /// Where it was when the form was opened.
    before: TokenSource,
    read_only: bool,
    focus: Part,
    touched: bool,
    fault: Option<String>,
    saving: Option<u64>,
}

impl Profile {
    /// A new one.
    pub fn add() -> Self {
        let mut form = Self {
            edits: None,
            fields: std::array::from_fn(|_| Field::new(LIMIT)),
            provider: ProviderKind::Sesamd,
            token: TokenSource::Keyring,
            before: TokenSource::Keyring,
            read_only: false,
            focus: Part::Name,
            touched: false,
            fault: None,
            saving: None,
        };
        form.fill(&[(Part::Address, "https://"), (Part::Kind, "prod")]);
        form
    }

    /// One that is there. Its token stays unless a new one is typed.
    pub fn edit(name: &str, server: &Server) -> Self {
        let mut form = Self {
            edits: Some(name.to_owned()),
            provider: server.provider,
            token: server.token.clone(),
            before: server.token.clone(),
            read_only: server.read_only,
            focus: Part::Address,
            ..Self::add()
        };
        let ca_file = server.ca_file.as_ref().map_or_else(String::new, |path| path.display().to_string());
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        form.fill(&[
            (Part::Name, name),
            (Part::Address, &server.url),
            (Part::Kind, &kind_word(&server.kind).to_lowercase()),
            (Part::User, &text(&server.user)),
            (Part::Code, &text(&server.otp)),
            (Part::Realm, &text(&server.realm)),
            (Part::Client, &text(&server.client_id)),
            (Part::CaFile, &ca_file),
        ]);
        form
    }

    fn fill(&mut self, texts: &[(Part, &str)]) {
        for (part, text) in texts {
            self.fields[part.index()] = Field::with(text, LIMIT);
        }
    }

    fn about(&self) -> About {
        About { provider: self.provider, has_user: !self.text(Part::User).is_empty() }
    }

    fn text(&self, part: Part) -> String {
        self.fields[part.index()].text().trim().to_owned()
    }

    /// What is typed into a row that this kind of server has.
    fn value(&self, part: Part) -> String {
        if Part::rows(self.about()).contains(&part) { self.text(part) } else { String::new() }
    }

    fn draft(&self) -> Draft {
        let token = Zeroizing::new(self.fields[Part::Token.index()].text().trim().to_owned());
        let mut values = vec![
            ("provider", self.provider.word().to_owned()),
            ("url", self.text(Part::Address)),
            ("kind", self.text(Part::Kind).to_lowercase()),
            ("user", self.value(Part::User)),
            ("otp", self.value(Part::Code)),
            ("realm", self.value(Part::Realm)),
            ("client_id", self.value(Part::Client)),
            ("ca_file", self.text(Part::CaFile)),
            ("read_only", if self.read_only { "true".to_owned() } else { String::new() }),
        ];
        let place = match self.token {
            TokenSource::Keyring => Some("keyring"),
            TokenSource::Vault => Some("vault"),
            _ => None,
        };
        if self.token == TokenSource::Device {
            values.push(("token", "device".to_owned()));
        }
        let token = place.filter(|_| !token.is_empty()).map(|word| {
            values.push(("token", word.to_owned()));
            (token, self.token.clone())
        });
        Draft { name: self.text(Part::Name), values, token }
    }

    fn save(&mut self, cx: &mut Context) {
        if self.saving.is_some() {
            return;
        }
        let draft = self.draft();
        self.fault = profiles::fault(&draft).or_else(|| self.own_fault(&draft, cx));
        let Some(path) = cx.settings_file.clone().filter(|_| self.fault.is_none()) else { return };
        let places = cx.places();
        self.saving = Some(cx.jobs.ask(move |number| {
            let kept = profiles::keep(&path, &places, &draft).map(Box::new);
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
        let words = secret(self.about()).to_lowercase();
        if self.edits.is_none() && draft.token.is_none() && self.token != TokenSource::Device {
            return Some(format!("A server needs a token: its {words} is missing."));
        }
        if draft.token.is_none() && self.token != self.before && self.token != TokenSource::Device {
            return Some(format!("Type the {words} once more: it is kept anew at the other place."));
        }
        cx.settings_file.is_none().then(|| "The demo keeps nothing.".to_owned())
    }

    fn turn(&mut self, back: bool) {
        let mut rows = Part::rows(self.about());
        // The name is what the token is kept under: another name is another server.
        rows.retain(|row| self.edits.is_none() || *row != Part::Name);
        let here = rows.iter().position(|row| *row == self.focus).unwrap_or(0);
        let by = if back { rows.len() - 1 } else { 1 };
        self.focus = rows[(here + by) % rows.len()];
    }

    fn switch(&mut self) {
        match self.focus {
            Part::Provider => {
                self.provider = match self.provider {
                    ProviderKind::Sesamd => ProviderKind::Keycloak,
                    ProviderKind::Keycloak => ProviderKind::PrivacyIdea,
                    ProviderKind::PrivacyIdea => ProviderKind::Sesamd,
                };
                if self.token == TokenSource::Device && self.provider != ProviderKind::Keycloak {
                    self.token = TokenSource::Keyring;
                }
            }
            Part::Kept => {
                let mut places = vec![TokenSource::Keyring, TokenSource::Vault];
                if self.provider == ProviderKind::Keycloak {
                    places.push(TokenSource::Device);
                }
                if !places.contains(&self.before) {
                    places.push(self.before.clone());
                }
                let here = places.iter().position(|place| *place == self.token).unwrap_or(places.len() - 1);
                self.token = places[(here + 1) % places.len()].clone();
            }
            Part::ReadOnly => self.read_only = !self.read_only,
            _ => return,
        }
        (self.touched, self.fault) = (true, None);
    }
}

impl Screen for Profile {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        let switch = self.focus.is_switched().then_some(Do::Switch);
        let all = [Do::NextField, Do::PreviousField, Do::FieldDone, Do::Save, Do::Cancel];
        all.into_iter().chain(switch).collect()
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        let switch = self.focus.is_switched().then(|| Hint::says(Do::Switch, "switch"));
        let enter = Hint::says(Do::FieldDone, if self.focus == Part::Save { "save" } else { "next" });
        let all = [enter, Do::NextField.into(), Do::Save.into(), Do::Cancel.into()];
        switch.into_iter().chain(all).collect()
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Cancel => return Step::Pop,
            Do::Save => self.save(cx),
            Do::FieldDone if self.focus == Part::Save => self.save(cx),
            Do::Switch => self.switch(),
            action => self.turn(action == Do::PreviousField),
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, _cx: &mut Context) -> Option<Step> {
        if matches!(key.press, Press::Up | Press::Down) || !self.focus.is_typed() {
            return None;
        }
        let taken = self.fields[self.focus.index()].key(key);
        if taken {
            (self.touched, self.fault) = (true, None);
        }
        taken.then_some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, _cx: &mut Context) -> Option<Step> {
        if self.focus.is_typed() {
            self.touched = true;
            if let Took::TooLong(limit) = self.fields[self.focus.index()].insert(text.trim()) {
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

    fn draw(&self, frame: &mut ratatui::Frame<'_>, area: ratatui::layout::Rect, cx: &Context) {
        self.picture(frame, area, cx);
    }
}
