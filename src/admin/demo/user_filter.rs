//! What users of the demo are looked for by: words, and `name: user: group: factor: state: fails: last: app:`.

use jiff::Timestamp;

use super::user::User;
use crate::{
    admin::words::{Word, range, span, words},
    text::fold,
};

/// One condition; all of them must hold.
enum Condition {
    App(String),
    Factor(Vec<String>),
    Fails(i64, i64),
    Group(String),
    /// So many seconds since the last success.
    Last(i64, i64),
    Name(String),
    Never,
    State(Vec<String>),
    Word(String),
}

/// What is looked for.
pub(super) struct UserFilter(Vec<Condition>);

impl UserFilter {
    /// Reads what somebody typed; a sentence where it is no filter.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        words(text).into_iter().map(condition).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a user is one of those.
    pub(super) fn takes(&self, user: &User, now: Timestamp) -> bool {
        self.0.iter().all(|condition| condition.holds(user, now))
    }
}

impl Condition {
    fn holds(&self, user: &User, now: Timestamp) -> bool {
        match self {
            Self::App(app) => user.applications.iter().any(|own| own == app),
            Self::Factor(wanted) => wanted.iter().any(|factor| has(user, factor)),
            Self::Fails(from, to) => (*from..=*to).contains(&i64::from(user.failures)),
            Self::Group(group) => user.groups.iter().any(|own| own == group),
            Self::Last(from, to) => user
                .last_success
                .is_some_and(|last| (*from..=*to).contains(&(now.as_second() - last.as_second()))),
            Self::Name(name) => fold(&user.name).starts_with(name.as_str()),
            Self::Never => user.last_success.is_none(),
            Self::State(wanted) => wanted.iter().any(|state| state == user.state(now).word()),
            Self::Word(word) => {
                let all = [Some(&user.name), user.display.as_ref(), user.email.as_ref()];
                let begins = |text: &String| {
                    let text = fold(text);
                    let mut parts = text.split(|c: char| !c.is_alphanumeric());
                    text.starts_with(word.as_str()) || parts.any(|part| part.starts_with(word.as_str()))
                };
                all.into_iter().flatten().any(begins)
            }
        }
    }
}

fn has(user: &User, factor: &str) -> bool {
    match factor {
        "none" => user.bindings.is_empty(),
        "token" => user.bindings.iter().any(|one| one.label.starts_with("hw token")),
        "email" => user.email.is_some(),
        "recovery" => user.recovery_codes > 0,
        other => user.bindings.iter().any(|one| one.is_for(other)),
    }
}

fn condition(word: Word) -> Result<Condition, String> {
    let (key, value) = match word {
        Word::Free(word) => return Ok(Condition::Word(fold(&word).into_owned())),
        Word::Key(key, value) => (key, value),
    };
    let bad = |known: &str| format!("\"{value}\" is no value of {key}: {known}");
    let listed = |known: &[&str]| {
        let values: Vec<String> = value.split(',').map(str::to_ascii_lowercase).collect();
        let all_known = values.iter().all(|value| known.contains(&value.as_str()));
        if all_known { Ok(values) } else { Err(bad(&format!("there are {}", known.join(", ")))) }
    };
    Ok(match key.as_str() {
        "name" | "user" => Condition::Name(fold(value.trim()).into_owned()),
        "group" => Condition::Group(value),
        "app" => Condition::App(value),
        "state" => Condition::State(listed(&STATES)?),
        "factor" => Condition::Factor(listed(&FACTORS)?),
        "fails" => {
            let number = |text: &str| text.parse::<u32>().ok().map(i64::from);
            let (from, to) = range(&value, number).ok_or_else(|| bad("write 3, >3, >=3, <3, <=3 or 1-5"))?;
            Condition::Fails(from, to)
        }
        "last" if value == "never" => Condition::Never,
        "last" => {
            let (from, to) = range(&value, span).ok_or_else(|| bad("write <7d, >30d or never"))?;
            Condition::Last(from, to)
        }
        _ => return Err(format!("\"{key}\" is no filter: there are {KEYS}")),
    })
}

const KEYS: &str = "name, user, group, factor, state, fails, last and app";
const STATES: [&str; 5] = ["ok", "locked", "bypass", "unbound", "disabled"];
const FACTORS: [&str; 10] =
    ["otp", "totp", "hotp", "push", "fido2", "sms", "token", "email", "recovery", "none"];
