//! States, times and errors of admin mode for people.

use jiff::{Timestamp, tz::TimeZone};
use ratatui::style::Style;

use super::link::Link;
use crate::{
    admin::{
        error::AdminError,
        model::{Outcome, Person, State, Uses},
    },
    tui::context::Context,
};

/// `locked ×`: a word and a symbol.
pub fn state(state: State, cx: &Context) -> String {
    match mark(state, cx) {
        "" => state.word().to_owned(),
        mark => format!("{} {mark}", state.word()),
    }
}

fn mark(state: State, cx: &Context) -> &'static str {
    match state {
        State::Ok => "",
        State::Locked => cx.symbols.failed,
        State::Unbound | State::Bypass => cx.symbols.warning,
        State::Disabled => "-",
    }
}

/// Its look, which only repeats the word.
pub fn state_style(state: State, cx: &Context) -> Style {
    match state {
        State::Ok => cx.theme.text,
        State::Locked => cx.theme.error,
        State::Unbound | State::Bypass => cx.theme.warn,
        State::Disabled => cx.theme.dim,
    }
}

/// `✓`, `▲` or `×`, and its look.
pub fn outcome(outcome: Outcome, cx: &Context) -> (&'static str, Style) {
    match outcome {
        Outcome::Ok => (cx.symbols.done, cx.theme.ok),
        Outcome::Warn => (cx.symbols.warning, cx.theme.warn),
        Outcome::Fail => (cx.symbols.failed, cx.theme.error),
    }
}

/// The zone of times on the screen.
pub fn zone(cx: &Context) -> TimeZone {
    if cx.mode.demo || cx.config.ui.time == crate::config::TimeZone::Utc {
        TimeZone::UTC
    } else {
        TimeZone::system()
    }
}

/// What nothing said of a last sign-in means: of a user in a list, or of one who was read.
pub fn never(is_read: bool, cx: &Context) -> &'static str {
    let provider = cx.admin.as_ref().and_then(|link| link.provider.as_ref());
    match provider.map_or(Uses::Everywhere, |provider| provider.uses()) {
        Uses::Everywhere => "never",
        Uses::OfOne if is_read => "never",
        Uses::OfOne | Uses::Nowhere => "-",
    }
}

/// `14:39` today, `yesterday`, else the day.
pub fn when(time: Timestamp, cx: &Context) -> String {
    let (time, now) = (time.to_zoned(zone(cx)), cx.now().to_zoned(zone(cx)));
    if time.date() == now.date() {
        return time.strftime("%H:%M").to_string();
    }
    if now.date().yesterday().is_ok_and(|day| day == time.date()) {
        return "yesterday".to_owned();
    }
    time.strftime("%Y-%m-%d").to_string()
}

/// `14:39` today, else `11-20`: five columns.
pub fn short_when(time: Timestamp, cx: &Context) -> String {
    let (time, now) = (time.to_zoned(zone(cx)), cx.now().to_zoned(zone(cx)));
    time.strftime(if time.date() == now.date() { "%H:%M" } else { "%m-%d" }).to_string()
}

/// `18:00` today, else with the day: never a bare `yesterday` or `tomorrow`.
pub fn until(time: Timestamp, cx: &Context) -> String {
    let (time, now) = (time.to_zoned(zone(cx)), cx.now().to_zoned(zone(cx)));
    let format = if time.date() == now.date() { "%H:%M" } else { "%Y-%m-%d %H:%M" };
    time.strftime(format).to_string()
}

/// `14:40:55`.
pub fn clock(time: Timestamp, cx: &Context) -> String {
    time.to_zoned(zone(cx)).strftime("%H:%M:%S").to_string()
}

/// The same in eleven columns.
pub fn short_note(person: &Person, cx: &Context) -> String {
    let until = match person.state {
        State::Locked => person.locked_until,
        State::Bypass => person.bypass_until,
        _ => None,
    };
    until.map_or_else(|| note(person, cx), |time| format!("until {}", short_when(time, cx)))
}

/// What to know of a user besides the state: until when it lasts.
pub fn note(person: &Person, cx: &Context) -> String {
    match person.state {
        State::Locked => person.locked_until.map_or_else(
            || format!("{} wrong codes", person.failures),
            |time| format!("until {}", until(time, cx)),
        ),
        State::Bypass => {
            person.bypass_until.map_or_else(String::new, |time| format!("until {}", until(time, cx)))
        }
        _ => String::new(),
    }
}

/// `TOTP HOTP email`, or `(none)`.
pub fn factors(person: &Person) -> String {
    let mut kinds: Vec<String> = Vec::new();
    for binding in &person.bindings {
        let hardware = if binding.label.starts_with("hw token") { " hw" } else { "" };
        let kind = format!("{}{hardware}", binding.kind.to_uppercase());
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds.extend(person.factors.iter().cloned());
    if kinds.is_empty() { "(none)".to_owned() } else { kinds.join(" ") }
}

pub use crate::text::counted;

/// `1 204`: groups of three.
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// An error as a sentence: what happened, and what to do. With who asked, where the server refuses it to them.
pub fn sentence(error: &AdminError, link: Option<&Link>) -> String {
    let mut text = match error {
        AdminError::Refused { server, why, right } => {
            let actor = link.map(Link::actor).filter(|actor| !actor.is_empty() && right.is_some());
            let who = actor.map_or_else(String::new, |actor| format!("{actor}: "));
            let right = right
                .as_ref()
                .map_or_else(String::new, |right| format!(" (the right \"{right}\" is missing)"));
            format!("{server} refused: {who}{why}{right}")
        }
        AdminError::Unknown { server } => format!(
            "{server} did not answer in time: whether it was done is not known. It was not sent again; F5 looks"
        ),
        other => other.to_string(),
    };
    if !text.ends_with(['.', '?']) {
        text.push('.');
    }
    if !matches!(error, AdminError::ReadOnly(_))
        && let Some(hint) = error.hint()
    {
        text.push(' ');
        text.push_str(&if hint.starts_with("sesam ") { hint.to_owned() } else { capital(hint) });
        text.push('.');
    }
    text
}

/// A sentence begins with a capital.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}
