//! What was typed into the form, and what it makes. Knows no screen and no vault.

use super::{
    fault::Fault,
    rows::{Row, Type},
    text,
};
use crate::{
    otp::{
        Algorithm, Counter, Digits, Kind, Link, Otp, OtpError, Period, Pin, Secret, Weakness,
        otpauth::MAX_NAME_CHARS,
    },
    tui::{screens::tags, widgets::field::Field},
    vault::Account,
};

/// The longest secret as typed: 512 bytes in hex, with blanks.
const SECRET_CHARS: usize = 2_048;
/// The longest note and the longest list of tags.
const TEXT_CHARS: usize = 4_096;
/// The longest PIN.
const PIN_CHARS: usize = 64;

/// The fields and the choices.
pub(super) struct Entries {
    pub(super) issuer: Field,
    pub(super) account: Field,
    pub(super) secret: Field,
    pub(super) tags: Field,
    pub(super) note: Field,
    pub(super) period: Field,
    pub(super) counter: Field,
    pub(super) pin: Field,
    pub(super) kind: Type,
    pub(super) digits: Digits,
    pub(super) algorithm: Algorithm,
    /// What makes the codes while the secret is not typed anew.
    pub(super) kept: Option<Otp>,
    favourite: bool,
    icon: String,
}

impl Entries {
    /// A new account.
    pub(super) fn empty() -> Self {
        Self {
            issuer: Field::new(MAX_NAME_CHARS),
            account: Field::new(MAX_NAME_CHARS),
            secret: Field::new(SECRET_CHARS),
            tags: Field::new(TEXT_CHARS),
            note: Field::new(TEXT_CHARS),
            period: Field::with(&Period::default().to_string(), 5),
            counter: Field::with("0", 19),
            pin: Field::new(PIN_CHARS),
            kind: Type::default(),
            digits: Digits::default(),
            algorithm: Algorithm::default(),
            kept: None,
            favourite: false,
            icon: String::new(),
        }
    }

    /// A known account. Its secret and its PIN stay behind until somebody asks for them.
    pub(super) fn of(account: &Account) -> Self {
        let mut entries = Self {
            issuer: field(&text::name(&account.issuer), MAX_NAME_CHARS),
            account: field(&text::name(&account.account), MAX_NAME_CHARS),
            tags: field(&tags::written(&account.tags), TEXT_CHARS),
            note: field(&text::note(&account.note), TEXT_CHARS),
            kept: Some(account.otp.clone()),
            ..Self::empty()
        };
        entries.set_parameters(&account.otp);
        entries
    }

    /// Takes over what a link says. Tags and a note that were typed stay where the link has none.
    pub(super) fn fill(&mut self, link: &Link) {
        self.issuer.set(&text::name(&link.issuer));
        self.account.set(&text::name(&link.account));
        self.set_parameters(&link.otp);
        self.secret.set(&text::secret(&link.otp.secret, self.kind == Type::Motp));
        self.pin.clear();
        if let Kind::Motp { pin: Some(pin) } | Kind::Yandex { pin: Some(pin) } = &link.otp.kind {
            self.pin.set(pin.expose());
        }
        if !link.extras.tags.is_empty() {
            self.tags.set(&tags::written(&link.extras.tags));
        }
        if !link.extras.note.is_empty() {
            self.note.set(&text::note(&link.extras.note));
        }
        self.favourite = link.extras.favourite;
        self.icon = link.extras.icon.clone();
    }

    fn set_parameters(&mut self, otp: &Otp) {
        self.kind = Type::of(otp);
        self.digits = if self.kind.has(Row::Digits) { otp.digits } else { Digits::default() };
        self.algorithm = if self.kind.has(Row::Algorithm) { otp.algorithm } else { Algorithm::default() };
        match otp.kind {
            Kind::Totp { period } => self.period.set(&period.to_string()),
            Kind::Hotp { counter } => self.counter.set(&counter.to_string()),
            _ => {}
        }
    }

    /// The field of a row; `None` where a row has choices.
    pub(super) fn field(&self, row: Row) -> Option<&Field> {
        Some(match row {
            Row::Issuer => &self.issuer,
            Row::Account => &self.account,
            Row::Secret => &self.secret,
            Row::Tags => &self.tags,
            Row::Note => &self.note,
            Row::Period => &self.period,
            Row::Counter => &self.counter,
            Row::Pin => &self.pin,
            Row::Type | Row::Digits | Row::Algorithm | Row::Buttons => return None,
        })
    }

    /// The same, to be typed into.
    pub(super) fn field_mut(&mut self, row: Row) -> Option<&mut Field> {
        Some(match row {
            Row::Issuer => &mut self.issuer,
            Row::Account => &mut self.account,
            Row::Secret => &mut self.secret,
            Row::Tags => &mut self.tags,
            Row::Note => &mut self.note,
            Row::Period => &mut self.period,
            Row::Counter => &mut self.counter,
            Row::Pin => &mut self.pin,
            Row::Type | Row::Digits | Row::Algorithm | Row::Buttons => return None,
        })
    }

    /// What makes the codes.
    pub(super) fn otp(&self) -> Result<Otp, Fault> {
        let secret = self.secret().map_err(|error| Fault::of(Row::Secret, &error))?;
        let mut otp = Otp::new(self.kind()?, secret);
        if self.kind.has(Row::Digits) {
            otp.digits = self.digits;
        }
        if self.kind.has(Row::Algorithm) {
            otp.algorithm = self.algorithm;
        }
        match self.length_is_enough(&otp) {
            Ok(()) => Ok(otp),
            Err(error) => Err(Fault::of(Row::Secret, &error)),
        }
    }

    /// What is said of the secret beside it: `base32 ok, 80 bits (short)`, and the same in fewer words.
    pub(super) fn judged(&self) -> Option<[String; 2]> {
        let typed = self.secret.text();
        let secret = self.secret().ok().filter(|_| !typed.trim().is_empty())?;
        let bits = secret.expose().len() * 8;
        let in_hex = self.kind == Type::Motp && Secret::from_hex(&typed).is_ok();
        let weak = Otp::new(self.kind.usual(), secret).weaknesses();
        let is_short = weak.iter().any(|weakness| matches!(weakness, Weakness::ShortSecret(_)));
        let name = if in_hex { "hex" } else { "base32" };
        let word = match (in_hex || Secret::is_canonical_base32(&typed), is_short) {
            (false, _) => " (cut short?)",
            (true, true) => " (short)",
            (true, false) => "",
        };
        Some([format!("{name} ok, {bits} bits{word}"), format!("ok, {bits} bits{word}")])
    }

    /// Whether the secret is still the one that was there.
    pub(super) fn keeps_secret(&self) -> bool {
        let kept = self.kept.as_ref().map(|otp| &otp.secret);
        kept.is_some_and(|kept| self.secret().is_ok_and(|secret| secret == *kept))
    }

    /// Issuer and account, as they would be saved.
    pub(super) fn names(&self, old: Option<&Account>) -> (String, String) {
        let (issuer, account) = old.map_or(("", ""), |old| (&*old.issuer, &*old.account));
        (text::name_over(&self.issuer.text(), issuer), text::name_over(&self.account.text(), account))
    }

    /// Writes the names and texts over those of an account.
    pub(super) fn write_over(&self, account: &mut Account) {
        (account.issuer, account.account) = self.names(Some(account));
        account.note = text::note_over(&self.note.text(), &account.note);
        if self.tags.text().as_str() != text::name(&tags::written(&account.tags)) {
            account.tags = tags::read(&self.tags.text());
        }
        account.favourite |= self.favourite;
        if !self.icon.is_empty() {
            account.icon.clone_from(&self.icon);
        }
    }

    /// The PIN that stays where none is typed.
    pub(super) fn kept_pin(&self) -> Option<&Pin> {
        match (&self.kept.as_ref()?.kind, self.kind) {
            (Kind::Motp { pin }, Type::Motp) | (Kind::Yandex { pin }, Type::Yandex) => pin.as_ref(),
            _ => None,
        }
    }

    fn secret(&self) -> Result<Secret, OtpError> {
        let typed = self.secret.text();
        match &self.kept {
            Some(kept) if typed.trim().is_empty() => Ok(kept.secret.clone()),
            _ if self.kind == Type::Motp => {
                Secret::from_hex(&typed).or_else(|error| Secret::from_base32(&typed).map_err(|_| error))
            }
            _ => Secret::from_base32(&typed),
        }
    }

    fn kind(&self) -> Result<Kind, Fault> {
        let (mut period, mut counter, mut pin) = (Period::default(), Counter::default(), None);
        if self.kind.has(Row::Period) {
            period = self.period.text().parse().map_err(|error| Fault::of(Row::Period, &error))?;
        }
        if self.kind.has(Row::Counter) {
            counter = self.counter.text().parse().map_err(|error| Fault::of(Row::Counter, &error))?;
        }
        if self.kind.has(Row::Pin) {
            pin = self.typed_pin().map_err(|error| Fault::of(Row::Pin, &error))?;
        }
        Ok(self.kind.kind(period, counter, pin))
    }

    fn typed_pin(&self) -> Result<Option<Pin>, OtpError> {
        if self.pin.is_empty() {
            return Ok(self.kept_pin().cloned());
        }
        Pin::new(&self.pin.text()).map(Some)
    }

    /// A Yandex key below 16 bytes gives no code, with whatever PIN.
    fn length_is_enough(&self, otp: &Otp) -> Result<(), OtpError> {
        if self.kind == Type::Yandex && otp.secret.expose().len() < 16 {
            return Err(OtpError::SecretTooShort);
        }
        Ok(())
    }
}

/// A field for a text that may be longer than what can be typed.
fn field(text: &str, limit: usize) -> Field {
    Field::with(text, limit.max(text.chars().count()))
}
