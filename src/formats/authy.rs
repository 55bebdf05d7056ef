//! Authy: the preferences of its Android app, plain and under the backup password (PBKDF2, AES-256-CBC), Authy's own
//! seven-digit tokens, and the JSON that people's exporters write out of the same fields.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, MAX_ENTRIES, Record, Source, SourcePassphrase, Spot,
    json::{Fields, Json},
    markup::{is_xml_with, preferences},
    parts::{self, Parts},
    record::NamedReason,
    unlock::{Hash, Kdf, Plain, aes_cbc, base64, hex, with_passphrase},
    uri_list,
};
use crate::otp::{Extras, LinkError, Secret};

/// See the file.
pub const FORMAT: Format = Format {
    name: "authy",
    aliases: &[],
    words: "Authy (com.authy.storage.tokens.*.xml), plain or encrypted, and the JSON of its exporters",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let own = source.text().is_some_and(|text| is_xml_with(text, &["<map>", KEY]))
        || ["\"decrypted_seed\"", "\"encrypted_seed\"", "\"secret_seed\""]
            .iter()
            .any(|seed| source.is_json_with(&[seed]));
    let links = source.is_json_with(&["\"name\"", "\"secret\"", "\"uri\"", "\"otpauth://"])
        && source.text().is_some_and(|text| text.trim_start().starts_with('['));
    match (own, links) {
        (true, _) => Fit::Sure,
        (_, true) => Fit::Perhaps,
        _ => Fit::No,
    }
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let text = source.text().unwrap_or_default();
    if !text.trim_start().starts_with('<') {
        return from_json(&Json::parse(source, FORMAT.name)?, ask);
    }
    let mut lists = preferences(text).filter(|(name, _)| OWN.contains(name)).take(OWN.len()).peekable();
    if lists.peek().is_none() {
        return Err(FormatError::damaged(FORMAT.name, "it has no list of tokens"));
    }
    let mut decoded = Decoded::new(FORMAT.name);
    for (_, list) in lists {
        let list = Json::inside(list.as_bytes(), FORMAT.name)?;
        let list: Vec<_> = list.as_array().into_iter().flatten().map(Fields::of).collect();
        tokens(&list, ask, &mut decoded)?;
    }
    Ok(decoded)
}

/// What the server sends and exporters keep, or a list of links.
fn from_json(json: &Json, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let file = Fields::of(json);
    let lists = ["decrypted_authenticator_tokens", "authenticator_tokens", "apps"].map(|key| file.items(key));
    let bare = json.as_array().map_or(&[][..], Vec::as_slice);
    let mut decoded = Decoded::new(FORMAT.name);
    if !bare.iter().any(|item| Fields::of(item).value("uri").is_some()) {
        let all: Vec<_> = lists.into_iter().flatten().chain(bare).map(Fields::of).collect();
        tokens(&all, ask, &mut decoded)?;
        return Ok(decoded);
    }
    for (number, item) in (1..).zip(bare.iter().map(Fields::of)) {
        decoded.push(Spot::Entry(number), uri_list::read(item.text("uri"), false))?;
    }
    Ok(decoded)
}

fn tokens(
    tokens: &[Fields<'_>],
    ask: &mut dyn AskPassphrase,
    decoded: &mut Decoded,
) -> Result<(), FormatError> {
    if tokens.len() > MAX_ENTRIES {
        return Err(FormatError::TooManyEntries);
    }
    let sealed = tokens.iter().map(|token| Sealed::read(*token)).collect::<Result<Vec<_>, _>>()?;
    let work: u64 = sealed.iter().flatten().map(|sealed| sealed.rounds).sum();
    if work > MAX_WORK {
        return Err(FormatError::TooMuchWork(format!(
            "PBKDF2's rounds are {work} in all, and {MAX_WORK} is the limit"
        )));
    }
    let passphrase = match sealed.iter().flatten().next() {
        None => None,
        Some(_) => Some(passphrase(&sealed, ask)?),
    };
    let first = decoded.entries.len() + decoded.bad.len() + 1;
    for (number, (token, sealed)) in (first..).zip(tokens.iter().zip(&sealed)) {
        let opened = match (sealed, &passphrase) {
            (Some(sealed), Some(passphrase)) => sealed.open(passphrase)?,
            _ => None,
        };
        decoded.push(Spot::Entry(number), read(*token, sealed.is_some(), opened.as_ref()))?;
    }
    Ok(())
}

/// The first passphrase that opens one of the tokens: all are under the same.
fn passphrase(
    sealed: &[Option<Sealed>],
    ask: &mut dyn AskPassphrase,
) -> Result<SourcePassphrase, FormatError> {
    with_passphrase(FORMAT.name, ask, |passphrase| {
        for sealed in sealed.iter().flatten() {
            if sealed.open(passphrase)?.is_some() {
                return Ok(Some(passphrase.clone()));
            }
        }
        Ok(None)
    })
}

/// A secret under the backup password.
struct Sealed {
    kdf: Kdf,
    rounds: u64,
    salt: String,
    iv: [u8; 16],
    message: Vec<u8>,
}

impl Sealed {
    /// `None` for a token that is not encrypted; the later builds of the app say how often it hashed.
    fn read(token: Fields<'_>) -> Result<Option<Self>, FormatError> {
        let text = either(token, ["encryptedSecret", "encrypted_seed"]);
        if text.is_empty() || !either(token, ["decryptedSecret", "decrypted_seed"]).is_empty() {
            return Ok(None);
        }
        let rounds = token.whole("key_derivation_iterations").filter(|rounds| *rounds > 0).unwrap_or(1000);
        let iv = hex(token.text("unique_iv")).and_then(|iv| iv.try_into().ok()).unwrap_or_default();
        let kdf = Kdf::pbkdf2(Hash::Sha1, rounds)?;
        let message = base64(text).unwrap_or_default();
        Ok(Some(Self { kdf, rounds, salt: token.text("salt").to_owned(), iv, message }))
    }

    /// Nothing but its padding tells a wrong passphrase: what opens must be base32 too.
    fn open(&self, passphrase: &SourcePassphrase) -> Result<Option<Plain>, FormatError> {
        let key = self.kdf.key(passphrase.expose(), self.salt.as_bytes())?;
        let plain = aes_cbc(&key, &self.iv, &self.message);
        Ok(plain.filter(|plain| std::str::from_utf8(plain).is_ok_and(|text| parts::base32(text).is_ok())))
    }
}

fn read(token: Fields<'_>, sealed: bool, opened: Option<&Plain>) -> Result<Record, NamedReason> {
    let names = names(token);
    if sealed && opened.is_none() {
        return Err(NamedReason::new(names, "its secret is under another passphrase or was changed"));
    }
    let logo = Some(token.text("logo")).filter(|logo| !logo.starts_with("authenticator")).unwrap_or_default();
    let extras = Extras { icon: logo.to_owned(), ..Extras::default() };
    parts::record(names, code(token, opened), extras)
}

/// Authy's own tokens have a new code every ten seconds.
fn code(token: Fields<'_>, opened: Option<&Plain>) -> Result<Parts<'static>, LinkError> {
    let digits = token.number("digits");
    let seed = either(token, ["secretSeed", "secret_seed"]);
    if !seed.is_empty() {
        let (digits, period) = (digits.or(Some("7".to_owned())), Some("10".to_owned()));
        return Ok(Parts { digits, period, ..Parts::new("totp", Secret::from_hex(seed)?) });
    }
    let secret = match opened {
        Some(plain) => parts::base32(&String::from_utf8_lossy(plain))?,
        None => parts::base32(either(token, ["decryptedSecret", "decrypted_seed"]))?,
    };
    Ok(Parts { digits, ..Parts::new("totp", secret) })
}

/// The app keeps no issuer for many tokens: it stands in one of the names, or the kind of the account has to do.
fn names(token: Fields<'_>) -> (String, String) {
    let name = token.text("name");
    let before =
        |text: &'static str, of: &str| of.split_once(text).map(|(issuer, _)| issuer.trim().to_owned());
    let first = either(token, ["originalIssuer", "issuer"]).to_owned();
    let kind = either(token, ["accountType", "account_type"]);
    let issuer = Some(first)
        .filter(|issuer| !issuer.is_empty())
        .or_else(|| before(":", either(token, ["originalName", "original_name"])))
        .or_else(|| before(": ", name))
        .or_else(|| before(" - ", name))
        .or_else(|| {
            kind.chars().next().map(|first| first.to_uppercase().chain(kind.chars().skip(1)).collect())
        })
        .unwrap_or_default();
    if issuer.is_empty() {
        return (name.to_owned(), String::new());
    }
    let rest = name.strip_prefix(issuer.as_str()).and_then(|rest| rest.trim_start().strip_prefix([':', '-']));
    (issuer, rest.map_or(name, str::trim_start).to_owned())
}

fn either<'a>(token: Fields<'a>, [one, other]: [&'static str; 2]) -> &'a str {
    Some(token.text(one)).filter(|text| !text.is_empty()).unwrap_or_else(|| token.text(other))
}

const KEY: &str = "com.authy.storage.tokens.";
/// The lists of the tokens of others and of Authy's own.
const OWN: [&str; 2] = ["com.authy.storage.tokens.authenticator.key", "com.authy.storage.tokens.authy.key"];
/// The rounds of all tokens together: some seconds.
const MAX_WORK: u64 = 30_000_000;
