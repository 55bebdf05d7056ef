//! Tokens and locks, in the words of [`crate::admin::model`].

use std::{collections::BTreeMap, fmt::Write};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{
    dates::{local, time, zoned},
    envelope::{Envelope, Told, told, whole},
};
use crate::admin::{address::encoded, error::AdminError, http::Http, model::Binding};

/// A token as the server says it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Token {
    pub(super) serial: String,
    pub(super) tokentype: String,
    #[serde(default)]
    pub(super) active: bool,
    #[serde(default)]
    pub(super) revoked: bool,
    #[serde(default)]
    pub(super) failcount: u32,
    #[serde(default)]
    pub(super) maxfail: u32,
    #[serde(default)]
    pub(super) count: i64,
    #[serde(default)]
    pub(super) otplen: u32,
    #[serde(default)]
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) username: Option<String>,
    #[serde(default)]
    pub(super) rollout_state: Option<String>,
    #[serde(default)]
    pub(super) info: BTreeMap<String, Value>,
}

/// Tokens, and the time of the server when it said so.
pub(super) struct Tokens {
    pub(super) all: Vec<Token>,
    pub(super) now: Option<Timestamp>,
}

/// What a token is to the help desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// An authenticator.
    Binding,
    /// Nothing is asked for while it holds.
    Bypass,
    /// One use, issued by an administrator.
    Passcode,
}

#[derive(Deserialize)]
struct Listed {
    count: u64,
    tokens: Vec<Token>,
}

impl Token {
    pub(super) fn is(&self) -> Use {
        match self.tokentype.as_str() {
            "spass" => Use::Bypass,
            "registration" => Use::Passcode,
            _ => Use::Binding,
        }
    }

    /// Whether it opens anything.
    pub(super) fn is_good(&self) -> bool {
        let rolled_out = matches!(self.rollout_state.as_deref(), None | Some("" | "enrolled" | "verified"));
        self.active && !self.revoked && rolled_out
    }

    /// Whether a code of it is taken at this time.
    pub(super) fn opens(&self, now: Option<Timestamp>) -> bool {
        self.is_good() && !self.is_locked() && !self.is_over(now)
    }

    /// Whether its time is over.
    pub(super) fn is_over(&self, now: Option<Timestamp>) -> bool {
        self.until().zip(now).is_some_and(|(until, now)| until <= now)
    }

    /// Too many wrong codes: the field `locked` of the server does not say it.
    pub(super) fn is_locked(&self) -> bool {
        self.maxfail > 0 && self.failcount >= self.maxfail
    }

    /// Until when it holds.
    pub(super) fn until(&self) -> Option<Timestamp> {
        zoned(self.info("validity_period_end")?)
    }

    fn info(&self, key: &str) -> Option<&str> {
        self.info.get(key)?.as_str()
    }

    pub(super) fn binding(&self) -> Binding {
        let date = |key| {
            let text = self.info(key)?;
            zoned(text).or_else(|| jiff::tz::Offset::UTC.to_timestamp(local(text)?).ok())
        };
        let pace = match self.tokentype.as_str() {
            "totp" => self.info("timeStep").unwrap_or("30").to_owned(),
            "hotp" => format!("counter {}", self.count),
            _ => String::new(),
        };
        let hash = self.info("hashlib").unwrap_or_default().to_uppercase();
        let parameters = match pace.as_str() {
            "" => String::new(),
            pace => format!("{}/{pace} {hash}", self.otplen).trim_end().to_owned(),
        };
        let label = self.description.as_deref().filter(|text| !text.is_empty()).unwrap_or(&self.serial);
        let state = match (self.is_good(), self.revoked) {
            (true, _) => "active",
            (false, true) => "revoked",
            (false, false) if !self.active => "disabled",
            (false, false) => "unconfirmed",
        };
        Binding {
            id: self.serial.clone(),
            kind: self.tokentype.clone(),
            label: label.to_owned(),
            state: state.to_owned(),
            parameters,
            bound: date("creation_date"),
            used: date("last_auth"),
        }
    }
}

/// The tokens of one user.
pub(super) fn of_user(http: &Http, realm: &str, user: &str) -> Result<Tokens, AdminError> {
    let filter = format!("user={}&realm={}", encoded(user), encoded(realm));
    listed(http, &filter, MOST).map(|(tokens, _)| tokens)
}

/// The tokens of a realm; `None` when there are too many to read them all.
pub(super) fn of_realm(http: &Http, realm: &str) -> Result<Option<Tokens>, AdminError> {
    let (tokens, whole) = listed(http, &format!("tokenrealm={}", encoded(realm)), MOST)?;
    Ok(whole.then_some(tokens))
}

fn listed(http: &Http, filter: &str, most: usize) -> Result<(Tokens, bool), AdminError> {
    let mut tokens = Tokens { all: vec![], now: None };
    for page in 1.. {
        let path = format!("/token/?{filter}&pagesize={PAGE}&page={page}&sortby=serial");
        let seen: Envelope<Listed> = whole(http, &path, "tokens")?;
        tokens.now = time(seen.time);
        let listed = seen.result.value;
        if listed.count > most as u64 {
            return Ok((tokens, false));
        }
        let full = listed.tokens.len() == PAGE;
        tokens.all.extend(listed.tokens);
        if !full {
            break;
        }
    }
    Ok((tokens, true))
}

/// A lock of a user; some have no end.
#[derive(Clone, Debug)]
pub(super) struct Lock {
    pub(super) until: Option<Timestamp>,
}

/// The locks of a realm's users, by name.
pub(super) fn locks(http: &Http, realm: &str) -> Result<Told<BTreeMap<String, Lock>>, AdminError> {
    let mut all = BTreeMap::new();
    for page in 1..=MOST_PAGES {
        let path = format!(
            "/conditionalaccess/lock/users?realms={}&states=permanent,temporary&page={page}&page_size={LOCKS}",
            encoded(realm)
        );
        let found: Value = match told(http, &path)? {
            Told::Value(found) => found,
            Told::Unknown => return Ok(Told::Unknown),
            Told::Hidden => return Ok(Told::Hidden),
        };
        let some: &[Value] = found["locked_users"].as_array().map(Vec::as_slice).unwrap_or_default();
        let ours = some.iter().filter(|one| one["realm"].as_str().is_none_or(|own| own == realm));
        all.extend(ours.filter_map(|one| Some((one["username"].as_str()?.to_owned(), lock(one)?))));
        if some.len() < LOCKS {
            break;
        }
    }
    Ok(Told::Value(all))
}

/// The lock of one user, if there is one.
pub(super) fn lock_of(http: &Http, realm: &str, user: &str) -> Result<Told<Option<Lock>>, AdminError> {
    let path = format!("/conditionalaccess/lock/user?user={}&realm={}", encoded(user), encoded(realm));
    Ok(match told::<Value>(http, &path)? {
        Told::Value(found) => Told::Value(lock(&found)),
        Told::Unknown => Told::Unknown,
        Told::Hidden => Told::Hidden,
    })
}

/// A lock that is over stays in the list until somebody clears it away: it is none.
fn lock(said: &Value) -> Option<Lock> {
    let over = said["permanent"] == false && said["seconds_remaining"].as_f64() == Some(0.0);
    let there = said["username"].is_string() && !over;
    there.then(|| Lock { until: said["lock_expires_at"].as_str().and_then(zoned) })
}

/// Which state a user is in, for a change that must find it unchanged.
pub(super) fn version(tokens: &[Token], lock: Option<&Lock>) -> String {
    use sha2::{Digest, Sha256};
    let mut text = String::new();
    for token in tokens {
        let Token { serial, active, revoked, failcount, rollout_state, .. } = token;
        let _ = writeln!(text, "{serial} {active} {revoked} {failcount} {rollout_state:?}");
    }
    let _ = write!(text, "{:?}", lock.map(|lock| lock.until));
    data_encoding::HEXLOWER.encode(&Sha256::digest(text)[..12])
}

const PAGE: usize = 1000;
const MOST: usize = 5000;
const LOCKS: usize = 200;
const MOST_PAGES: usize = 50;
