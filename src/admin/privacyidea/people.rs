//! Users of a realm with their tokens. The server gives every user that fits at once and knows no pages: they are cut
//! here.

use std::fmt::Write;

use serde::Deserialize;
use serde_json::Value;

use super::{
    envelope::{Told, get, told},
    token::{self, Lock, Token, Tokens, Use},
};
use crate::{
    admin::{
        address::encoded,
        error::AdminError,
        http::Http,
        model::{Page, Person, State},
        words::{Word, range, words},
    },
    text::fold,
};

/// A user as the directory has them.
#[derive(Clone, Debug, Deserialize)]
struct Entry {
    username: String,
    #[serde(default)]
    givenname: Value,
    #[serde(default)]
    surname: Value,
    #[serde(default)]
    email: Value,
    #[serde(default)]
    userid: Value,
}

/// A page of users by name.
pub(super) fn page(
    http: &Http,
    realm: &str,
    (query, cursor): (&str, Option<&str>),
) -> Result<Page<Person>, AdminError> {
    let filter = Filter::read(http, query)?;
    let mut entries = entries(http, realm, &filter)?;
    entries.retain(|entry| {
        filter.takes_entry(entry) && cursor.is_none_or(|cursor| entry.username.as_str() > cursor)
    });
    entries.sort_by(|one, other| one.username.cmp(&other.username));
    let locks = token::locks(http, realm)?.value().unwrap_or_default();
    let tokens = token::of_realm(http, realm)?;
    let mut page = Page { items: vec![], next: None };
    for entry in entries {
        if page.items.len() == PAGE {
            page.next = page.items.last().map(|last: &Person| last.name.clone());
            break;
        }
        let own = match &tokens {
            Some(all) => of(all, &entry.username),
            None => token::of_user(http, realm, &entry.username)?,
        };
        let person = person(&entry, &own, locks.get(&entry.username));
        if filter.takes(&person) {
            page.items.push(person);
        }
    }
    Ok(page)
}

/// A user, with all that a change looks at.
pub(super) struct Found {
    pub(super) person: Person,
    pub(super) tokens: Tokens,
    pub(super) lock: Told<Option<Lock>>,
}

/// One user by name, with the tokens; in any spelling that the directory takes for the same.
pub(super) fn one(http: &Http, realm: &str, name: &str) -> Result<Found, AdminError> {
    let what = format!("user \"{name}\"");
    let missing = || AdminError::Missing { server: http.name().to_owned(), what: what.clone() };
    let key = fold(name.trim()).into_owned();
    let search = |name: &str| -> Result<Option<Entry>, AdminError> {
        let path = format!("/user/?realm={}&username={}", encoded(realm), encoded(name));
        let found: Vec<Entry> = get(http, &path, &what)?;
        Ok(found.into_iter().find(|entry| fold(&entry.username) == key))
    };
    let literal = name.trim().replace(['*', '%'], "");
    let found = search(&literal)?.map_or_else(|| search(&literal.to_lowercase()), |entry| Ok(Some(entry)))?;
    let entry = found.ok_or_else(missing)?;
    let tokens = token::of_user(http, realm, &entry.username)?;
    let lock = token::lock_of(http, realm, &entry.username)?;
    let own = if let Told::Value(lock) = &lock { lock.as_ref() } else { None };
    Ok(Found { person: person(&entry, &tokens, own), tokens, lock })
}

fn entries(http: &Http, realm: &str, filter: &Filter) -> Result<Vec<Entry>, AdminError> {
    let mut path = format!("/user/?realm={}", encoded(realm));
    let word = match filter.leading() {
        Some(word) => Some(word),
        None if is_large(http, realm)? => Some(filter.any_word(http)?),
        None => None,
    };
    if let Some(word) = word {
        let _ = write!(path, "&username={}", encoded(&format!("*{word}*")));
    }
    get(http, &path, "users")
}

/// A large directory is not asked for everybody.
fn is_large(http: &Http, realm: &str) -> Result<bool, AdminError> {
    let count = told::<Value>(http, &format!("/user/count?realm={}", encoded(realm)))?.value();
    Ok(count.and_then(|count| count["count"].as_u64()).unwrap_or_default() > MANY)
}

fn of(all: &Tokens, name: &str) -> Tokens {
    let own = all.all.iter().filter(|token| token.username.as_deref() == Some(name));
    Tokens { all: own.cloned().collect(), now: all.now }
}

fn person(entry: &Entry, tokens: &Tokens, lock: Option<&Lock>) -> Person {
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let names: Vec<String> = [&entry.givenname, &entry.surname].into_iter().filter_map(text).collect();
    let bindings: Vec<&Token> = tokens.all.iter().filter(|token| token.is() == Use::Binding).collect();
    let holds = |token: &&Token| {
        token.is_good() && token.until().zip(tokens.now).is_none_or(|(until, now)| until > now)
    };
    let bypass = tokens.all.iter().filter(|token| token.is() == Use::Bypass).find(holds);
    let good: Vec<&&Token> = bindings.iter().filter(|token| token.is_good()).collect();
    let locked = lock.is_some() || !good.is_empty() && good.iter().all(|token| token.is_locked());
    let state = match () {
        () if locked => State::Locked,
        () if bypass.is_some() => State::Bypass,
        () if good.is_empty() => State::Unbound,
        () => State::Ok,
    };
    let bindings: Vec<_> = bindings.into_iter().map(Token::binding).collect();
    Person {
        id: text(&entry.userid).unwrap_or_else(|| entry.username.clone()),
        name: entry.username.clone(),
        display: (!names.is_empty()).then(|| names.join(" ")),
        email: text(&entry.email),
        state,
        locked_until: lock.and_then(|lock| lock.until),
        bypass_until: bypass.and_then(Token::until),
        failures: tokens.all.iter().map(|token| token.failcount).max().unwrap_or_default(),
        last_success: bindings.iter().filter_map(|binding| binding.used).max(),
        bindings,
        factors: vec![],
        sessions: None,
        version: token::version(&tokens.all, lock),
    }
}

/// What somebody typed.
struct Filter {
    words: Vec<String>,
    names: Vec<String>,
    states: Vec<String>,
    factors: Vec<String>,
    fails: Option<(i64, i64)>,
}

impl Filter {
    fn read(http: &Http, query: &str) -> Result<Self, AdminError> {
        let mut own = Self { words: vec![], names: vec![], states: vec![], factors: vec![], fails: None };
        let odd = |why: String| AdminError::Refused { server: http.name().to_owned(), why, right: None };
        for word in words(query) {
            match word {
                Word::Free(word) => own.words.push(fold(&word).into_owned()),
                Word::Key(key, value) => {
                    let values = value.split(',').map(|value| fold(value).into_owned());
                    match key.as_str() {
                        "name" | "user" => own.names.extend(values),
                        "state" => own.states.extend(values),
                        "factor" => own.factors.extend(values),
                        "fails" => {
                            let fails = range(&value, |text| text.parse().ok());
                            own.fails = Some(fails.ok_or_else(|| odd(format!("fails:{value} is no range")))?);
                        }
                        _ => {
                            return Err(odd(format!(
                                "it knows no key \"{key}\": name, state, factor and fails"
                            )));
                        }
                    }
                }
            }
        }
        let known = ["ok", "locked", "unbound", "bypass", "disabled"];
        match own.states.iter().find(|state| !known.contains(&state.as_str())) {
            Some(state) => Err(odd(format!("no state is called \"{state}\": {}", known.join(", ")))),
            None => Ok(own),
        }
    }

    /// A word of the name that the server can look for: two letters at least, and no sign of its own.
    fn leading(&self) -> Option<&str> {
        let plain = |word: &&String| word.len() >= 2 && !word.contains(['*', '%']);
        self.names.iter().find(plain).filter(|_| self.names.len() == 1).map(String::as_str)
    }

    /// A word for the user's name, in a directory where nothing else narrows.
    fn any_word(&self, http: &Http) -> Result<&str, AdminError> {
        let plain = |word: &&String| word.chars().count() >= 2 && !word.contains(['*', '%']);
        let why = "it has very many users and gives them all at once: type two letters of the user name";
        let refused =
            || AdminError::Refused { server: http.name().to_owned(), why: why.to_owned(), right: None };
        self.words.iter().find(plain).map(String::as_str).ok_or_else(refused)
    }

    fn takes_entry(&self, entry: &Entry) -> bool {
        let name = fold(&entry.username);
        let texts = [&entry.givenname, &entry.surname, &entry.email];
        let texts: Vec<_> = texts.into_iter().filter_map(|text| text.as_str()).map(fold).collect();
        let named = self.names.is_empty() || self.names.iter().any(|word| name.starts_with(word.as_str()));
        let within = |word: &String| {
            name.contains(word.as_str()) || texts.iter().any(|text| text.contains(word.as_str()))
        };
        named && self.words.iter().all(within)
    }

    fn takes(&self, person: &Person) -> bool {
        let has = |factor: &String| {
            let none = factor == "none" && person.bindings.is_empty();
            none || person.bindings.iter().any(|binding| binding.kind == *factor || factor == "otp")
        };
        (self.states.is_empty() || self.states.iter().any(|state| state == person.state.word()))
            && (self.factors.is_empty() || self.factors.iter().any(has))
            && self.fails.is_none_or(|(from, to)| (from..=to).contains(&i64::from(person.failures)))
    }
}

const PAGE: usize = 100;
/// A directory of so many users is still asked for everybody.
const MANY: u64 = 2000;
