//! Adding and editing an account.
//!
//! | file | what lives there |
//! |---|---|
//! | `rows` | the rows, and which of them a type of code has |
//! | `entries`, `text`, `fault` | what was typed, what it makes, what is wrong with it |
//! | `input`, `saving` | keys and pasted texts, saving |
//! | `scanning` | filling it from a picture |
//! | `lines`, `draw`, `warning` | which rows fit, the picture |

mod draw;
mod entries;
mod fault;
mod input;
mod lines;
mod rows;
mod saving;
mod scanning;
mod text;
mod warning;

use jiff::{SignedDuration, Timestamp};

use self::{
    entries::Entries,
    fault::Fault,
    rows::{Row, Type},
};
use crate::{
    otp::{Kind, Link, LinkError, Otp, parse_link},
    tui::context::Context,
    vault::{Account, query::Named as _},
};

/// How long a secret may be read that was asked for.
const SHOWN: SignedDuration = SignedDuration::from_secs(20);

/// The form.
pub struct Form {
    entries: Entries,
    focus: Row,
    /// The marked button.
    button: usize,
    /// The account that is edited, as it was read; none for a new one.
    base: Option<Account>,
    /// An account that has the same names.
    twin: Option<Twin>,
    /// Whether something was typed.
    touched: bool,
    /// Whether somebody wanted to save: now what is missing is a fault too.
    tried: bool,
    /// Until when secret and PIN may be read.
    shown_until: Option<Timestamp>,
    /// The change that is being saved, and what is said when it is.
    saving: Option<(u64, String)>,
    /// The picture that is being read.
    scanning: Option<u64>,
    /// What the reader of a link had to say.
    told: Option<String>,
    /// What happened to the account meanwhile.
    trouble: Option<&'static str>,
}

/// Another account of the same names.
struct Twin {
    account: Account,
    /// Whether it makes the same codes.
    is_same: bool,
    /// Whether it has the same secret.
    same_secret: bool,
}

impl Form {
    /// A new account.
    pub fn add(_cx: &Context) -> Self {
        Self::new(Entries::empty())
    }

    /// A known one.
    pub fn edit(account: &Account, cx: &Context) -> Self {
        let mut form = Self { base: Some(account.clone()), ..Self::new(Entries::of(account)) };
        form.find_twin(cx);
        form
    }

    /// A new account, filled from a link. What the reader of links has to say of it stands under the form.
    ///
    /// # Errors
    /// The sentence that says why the text is no link, without a word of the link.
    pub fn from_link(text: &str, cx: &Context) -> Result<Self, String> {
        let link = parse_link(text).map_err(|error| refusal(&error))?;
        let mut form = Self::new(Entries::empty());
        form.fill(&link, cx);
        Ok(form)
    }

    fn new(entries: Entries) -> Self {
        Self {
            entries,
            focus: Row::Issuer,
            button: 0,
            base: None,
            twin: None,
            touched: false,
            tried: false,
            shown_until: None,
            saving: None,
            scanning: None,
            told: None,
            trouble: None,
        }
    }

    fn fill(&mut self, link: &Link, cx: &Context) {
        self.entries.fill(link);
        (self.touched, self.tried, self.button) = (true, false, 0);
        let notes: Vec<String> = link.notes.iter().map(ToString::to_string).collect();
        self.told = (!notes.is_empty()).then(|| format!("The link: {}.", notes.join("; ")));
        self.find_twin(cx);
    }

    /// What the form would save, or what is wrong first.
    fn checked(&self) -> Result<Otp, Fault> {
        if self.entries.issuer.text().trim().is_empty() && self.entries.account.text().trim().is_empty() {
            return Err(Fault::missing(
                Row::Issuer,
                "An account needs a name: type an issuer or an account.",
            ));
        }
        self.entries.otp()
    }

    /// What is shown as wrong while somebody types.
    fn fault(&self) -> Option<Fault> {
        let fault = if self.tried { self.checked().err() } else { self.entries.otp().err() };
        fault.filter(|fault| self.tried || !fault.is_missing)
    }

    /// Whether the secret may be read: always while it is being added.
    fn shows_secret(&self) -> bool {
        self.shown_until.is_some() || self.entries.kept.is_none()
    }

    /// Whether there is something that Ctrl-T shows.
    fn hides_something(&self) -> bool {
        self.entries.kept.is_some() || self.entries.kind.has(Row::Pin)
    }

    fn show(&mut self, cx: &Context) {
        self.shown_until = Some(cx.now() + SHOWN);
        let in_hex = self.entries.kind == Type::Motp;
        if let Some(kept) = self.entries.kept.clone().filter(|_| self.entries.secret.is_empty()) {
            self.entries.secret.set(&text::secret(&kept.secret, in_hex));
        }
        if let Some(pin) = self.entries.kept_pin().cloned().filter(|_| self.entries.pin.is_empty()) {
            self.entries.pin.set(pin.expose());
        }
    }

    /// What is as it was goes out of its field again.
    fn hide(&mut self) {
        self.shown_until = None;
        if self.entries.keeps_secret() {
            self.entries.secret.clear();
        }
        if self.entries.kept_pin().is_some_and(|pin| pin.expose() == self.entries.pin.text().as_str()) {
            self.entries.pin.clear();
        }
    }

    /// Looks for an account of the same names. Names are compared byte for byte, as an import compares them.
    fn find_twin(&mut self, cx: &Context) {
        let (wanted_issuer, wanted_account) = self.entries.names(self.base.as_ref());
        let nameless = wanted_issuer.is_empty() && wanted_account.is_empty();
        let Some(session) = cx.session.as_ref().filter(|_| !nameless) else {
            self.twin = None;
            return;
        };
        let own = self.base.as_ref().map_or("", |base| base.id.as_str());
        let alike = |at: &usize| {
            let fields = session.catalog.fields(*at);
            let (issuer, account) = fields.names();
            issuer == wanted_issuer.as_str() && account == wanted_account.as_str() && fields.id() != own
        };
        let otp = self.entries.otp().ok();
        let twins = (0..session.catalog.len()).filter(alike);
        let twins = twins.filter_map(|at| session.catalog.account(at).ok());
        let twins = twins.map(|account| Twin::new(account, otp.as_ref()));
        self.twin = twins.max_by_key(|twin| (twin.is_same, twin.same_secret));
        self.button = self.button.min(self.buttons().len() - 1);
    }
}

impl Twin {
    fn new(account: Account, otp: Option<&Otp>) -> Self {
        let same_secret = otp.is_some_and(|otp| otp.secret == account.otp.secret);
        let is_same = same_secret && otp.is_some_and(|otp| makes_the_same(&account.otp, otp));
        Self { account, is_same, same_secret }
    }
}

/// Whether two make the same codes. A counter moves on, and a PIN that was not typed is no difference.
fn makes_the_same(here: &Otp, new: &Otp) -> bool {
    let same_kind = match (&here.kind, &new.kind) {
        (Kind::Hotp { .. }, Kind::Hotp { .. })
        | (Kind::Motp { .. }, Kind::Motp { pin: None })
        | (Kind::Yandex { .. }, Kind::Yandex { pin: None }) => true,
        (here, new) => here == new,
    };
    same_kind && here.algorithm == new.algorithm && here.digits == new.digits
}

/// Why a link was not taken.
fn refusal(error: &LinkError) -> String {
    match error {
        LinkError::Migration => {
            "That is an export of Google Authenticator: sesam import - takes it.".to_owned()
        }
        LinkError::Otp(error) => format!("The link was not read. {}", Fault::of(Row::Secret, error).words),
        error => {
            let hint = error.hint().map(|hint| format!(" {}.", text::capital(hint))).unwrap_or_default();
            format!("The link was not read: {error}.{hint}")
        }
    }
}
