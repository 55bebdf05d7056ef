//! One account, and how it stands in the vault: a block of lines.
//!
//! Where accounts lie and in which order is `document`'s business; when one was used is `usage`'s.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    fmt::{self, Write as _},
};

use jiff::Timestamp;
use ulid::Ulid;
use zeroize::{Zeroize as _, Zeroizing};

use super::lines::{BadValue, Fields, push_quoted, quoted_list, table_of_times};
use crate::otp::{Algorithm, Counter, Digits, Kind, Otp, OtpError, Period, Pin, Secret};

/// The name of an account that never changes: a ULID, 26 characters that begin with the time of birth.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(String);

/// What a person sees as one row.
#[derive(Clone)]
pub struct Account {
    /// Its lasting name.
    pub id: AccountId,
    /// Who issued it, as written there, up to 1,024 code points.
    pub issuer: String,
    /// Whose it is there, as written there, up to 1,024 code points.
    pub account: String,
    /// What makes its codes.
    pub otp: Otp,
    /// Words that group accounts.
    pub tags: Vec<String>,
    /// Free text.
    pub note: String,
    /// Whether it stands first.
    pub favourite: bool,
    /// The name of an icon, kept for other apps.
    pub icon: String,
    /// When it came into this vault.
    pub created: Timestamp,
    /// When each field was changed, for those that were changed after the creation.
    pub changed: BTreeMap<String, Timestamp>,
    /// Lines of a later version, kept as they are.
    pub unknown: Vec<(String, String)>,
}

/// Why a block is not an account.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BadAccount {
    /// A key stands there twice.
    #[error("the key \"{0}\" stands there twice")]
    Doubled(String),
    /// A key that every account has is missing.
    #[error("it has no \"{0}\"")]
    Missing(&'static str),
    /// The values make no code.
    #[error(transparent)]
    Otp(#[from] OtpError),
    /// A type of code that this version does not know.
    #[error("its type is unknown to this version")]
    UnknownType,
    /// A value of the wrong shape.
    #[error(transparent)]
    Value(#[from] BadValue),
}

/// The keys of an account in the order in which they are written.
pub const KEYS: [&str; 15] = [
    "id",
    "type",
    "issuer",
    "account",
    "secret",
    "algorithm",
    "digits",
    "period",
    "counter",
    "pin",
    "tags",
    "note",
    "favourite",
    "icon",
    "created",
];

/// The keys that make codes, but for the counter, which moves on: they belong together.
pub const MAKES_CODES: [&str; 6] = ["type", "secret", "algorithm", "digits", "period", "pin"];
/// Those of them that the others belong to.
pub const DECIDES: [&str; 2] = ["type", "secret"];

thread_local! {
    static POOL: RefCell<Pool> = const { RefCell::new(Pool { bits: [0; POOLED], left: 0 }) };
}

/// How many ids are made of what the system gives at once.
const POOLED: usize = 64;

/// Random bits for ids, which are no secrets: an import would ask the system for them ten thousand times.
struct Pool {
    bits: [u128; POOLED],
    left: usize,
}

impl Pool {
    fn take(&mut self) -> u128 {
        if self.left == 0 {
            let bytes = crate::crypt::random::<{ POOLED * 16 }>();
            let (chunks, _) = bytes.as_chunks::<16>();
            for (bits, chunk) in self.bits.iter_mut().zip(chunks) {
                *bits = u128::from_be_bytes(*chunk);
            }
            self.left = POOLED;
        }
        self.left -= 1;
        self.bits[self.left]
    }
}

impl AccountId {
    /// A new id: `now` and 80 random bits.
    pub fn new(now: Timestamp) -> Self {
        let random = POOL.with_borrow_mut(Pool::take);
        Self(Ulid::from_parts(u64::try_from(now.as_millisecond()).unwrap_or(0), random).to_string())
    }

    /// Takes an id as it stands in a vault.
    pub fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The 26 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Account {
    /// A new account of this moment, with nothing but what makes codes and its names.
    pub fn new(issuer: &str, account: &str, otp: Otp, now: Timestamp) -> Self {
        Self {
            id: AccountId::new(now),
            issuer: issuer.to_owned(),
            account: account.to_owned(),
            otp,
            tags: Vec::new(),
            note: String::new(),
            favourite: false,
            icon: String::new(),
            created: crate::clock::milliseconds(now),
            changed: BTreeMap::new(),
            unknown: Vec::new(),
        }
    }

    /// `issuer:account`, or the one of the two that there is.
    pub fn name(&self) -> String {
        name_of(&self.issuer, &self.account)
    }

    /// Reads a block.
    pub fn read(fields: Fields<'_>) -> Result<Self, BadAccount> {
        refuse_doubled(fields)?;
        let own = |key: &str| fields.text_or_empty(key).map(std::borrow::Cow::into_owned);
        Ok(Self {
            id: AccountId::from_text(&fields.text("id")?.ok_or(BadAccount::Missing("id"))?),
            issuer: own("issuer")?,
            account: own("account")?,
            otp: read_otp(fields)?,
            tags: fields.texts("tags")?,
            note: own("note")?,
            favourite: fields.flag("favourite")?,
            icon: own("icon")?,
            created: fields.time("created")?.unwrap_or(Timestamp::UNIX_EPOCH),
            changed: fields.times("changed")?,
            unknown: unknown_lines(fields),
        })
    }

    /// Every line but `changed`: key and raw value, defaults left out, in the order of [`KEYS`].
    pub fn lines(&self) -> Vec<(String, Zeroizing<String>)> {
        let mut lines = Vec::new();
        self.write_lines(&mut |key, raw| lines.push((key.to_owned(), Zeroizing::new(raw.to_owned()))));
        lines
    }

    fn write_lines(&self, sink: &mut dyn FnMut(&str, &str)) {
        let mut lines = Lines { sink, value: Zeroizing::new(String::with_capacity(1_024)) };
        lines.text("id", self.id.as_str());
        lines.text("type", self.otp.type_name());
        lines.text("issuer", &self.issuer);
        lines.text("account", &self.account);
        lines.text("secret", &self.otp.secret.to_base32());
        write_parameters(&mut lines, &self.otp);
        if !self.tags.is_empty() {
            lines.raw("tags", &quoted_list(&self.tags));
        }
        lines.text_if("note", &self.note);
        if self.favourite {
            lines.raw("favourite", "true");
        }
        lines.text_if("icon", &self.icon);
        lines.number("created", self.created);
        for (key, raw) in &self.unknown {
            lines.raw(key, raw);
        }
    }

    /// The whole block as it is written.
    pub fn block(&self) -> Zeroizing<String> {
        let mut block = Zeroizing::new(String::with_capacity(256));
        self.write_lines(&mut |key, raw| push_line(&mut block, key, raw));
        if !self.changed.is_empty() {
            push_line(&mut block, "changed", &table_of_times(&self.changed));
        }
        block
    }
}

/// `issuer:account`, or the one of the two that there is.
pub fn name_of(issuer: &str, account: &str) -> String {
    match (issuer, account) {
        (issuer, "") => issuer.to_owned(),
        ("", account) => account.to_owned(),
        (issuer, account) => format!("{issuer}:{account}"),
    }
}

/// Appends one line to a block.
pub fn push_line(block: &mut String, key: &str, raw: &str) {
    block.reserve(key.len() + raw.len() + 4);
    for part in [key, " = ", raw, "\n"] {
        block.push_str(part);
    }
}

/// What makes the codes of the account in this block.
pub fn read_otp(fields: Fields<'_>) -> Result<Otp, BadAccount> {
    let kind = read_kind(fields)?;
    let secret = Secret::from_base32(&fields.text("secret")?.ok_or(BadAccount::Missing("secret"))?)?;
    let mut otp = Otp::new(kind, secret);
    if let Some(algorithm) = fields.text("algorithm")? {
        otp.algorithm = algorithm.parse::<Algorithm>()?;
    }
    if let Some(digits) = fields.integer("digits")? {
        otp.digits = Digits::new(u8::try_from(digits).unwrap_or(0))?;
    }
    Ok(otp)
}

fn read_kind(fields: Fields<'_>) -> Result<Kind, BadAccount> {
    let pin = || -> Result<Option<Pin>, BadAccount> {
        fields.text("pin")?.map(|pin| Pin::new(&pin)).transpose().map_err(BadAccount::from)
    };
    let number = |key, default| -> Result<u64, BadAccount> {
        Ok(fields.integer(key)?.map_or(default, |value| u64::try_from(value).unwrap_or(u64::MAX)))
    };
    match fields.text("type")?.as_deref() {
        Some("totp") => {
            let seconds = u32::try_from(number("period", 30)?).unwrap_or(0);
            Ok(Kind::Totp { period: Period::new(seconds)? })
        }
        Some("hotp") => Ok(Kind::Hotp { counter: Counter::new(number("counter", 0)?)? }),
        Some("steam") => Ok(Kind::Steam),
        Some("motp") => Ok(Kind::Motp { pin: pin()? }),
        Some("yandex") => Ok(Kind::Yandex { pin: pin()? }),
        Some(_) => Err(BadAccount::UnknownType),
        None => Err(BadAccount::Missing("type")),
    }
}

fn write_parameters(lines: &mut Lines<'_>, otp: &Otp) {
    let usual = Otp::new(otp.kind.clone(), otp.secret.clone());
    if otp.algorithm != usual.algorithm {
        lines.text("algorithm", otp.algorithm.as_str());
    }
    if otp.digits != usual.digits {
        lines.number("digits", otp.digits.count());
    }
    match &otp.kind {
        Kind::Totp { period } if period.seconds() != 30 => lines.number("period", period.seconds()),
        Kind::Hotp { counter } => lines.number("counter", counter.value()),
        Kind::Motp { pin: Some(pin) } | Kind::Yandex { pin: Some(pin) } => lines.text("pin", pin.expose()),
        _ => {}
    }
}

fn refuse_doubled(fields: Fields<'_>) -> Result<(), BadAccount> {
    let keys: Vec<&str> = fields.lines().map(|(key, _)| key).collect();
    let twice = keys.iter().enumerate().find(|(at, key)| keys[..*at].contains(key));
    twice.map_or(Ok(()), |(_, key)| Err(BadAccount::Doubled((*key).to_owned())))
}

fn unknown_lines(fields: Fields<'_>) -> Vec<(String, String)> {
    let known = |key: &str| KEYS.contains(&key) || ["changed", "deleted", "after"].contains(&key);
    fields.lines().filter(|(key, _)| !known(key)).map(|(key, raw)| (key.to_owned(), raw.to_owned())).collect()
}

/// Hands one line after the other on; the value lies in a memory that is used again.
struct Lines<'s> {
    sink: &'s mut dyn FnMut(&str, &str),
    value: Zeroizing<String>,
}

impl Lines<'_> {
    fn raw(&mut self, key: &str, value: &str) {
        (self.sink)(key, value);
    }

    fn number(&mut self, key: &str, value: impl fmt::Display) {
        self.value.clear();
        let _ = write!(self.value, "{value}");
        (self.sink)(key, &self.value);
    }

    fn text(&mut self, key: &str, value: &str) {
        self.value.clear();
        let most = value.len() * 6 + 2;
        if self.value.capacity() < most {
            // Growing would leave what stood there before, perhaps a secret, in freed memory.
            self.value.zeroize();
            self.value.reserve(most);
        }
        push_quoted(&mut self.value, value);
        (self.sink)(key, &self.value);
    }

    fn text_if(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.text(key, value);
        }
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({})", self.id)
    }
}
