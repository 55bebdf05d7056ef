//! What values a key takes: its type, its range, and how that is said. The keys are in `keys`.

use std::time::Duration;

use toml::de::DeValue;

use super::duration::{parse_duration, print_duration};
use super::server::{ServerKind, TokenSource};
use super::url;
use super::value::{Setting, Value};

/// The type of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A whole number within bounds, both included.
    Integer {
        /// The smallest.
        least: i64,
        /// The largest.
        most: i64,
    },
    /// Of `[keys]`: a key or a list of keys.
    Keys,
    /// A list of texts, such as a command and its arguments.
    List,
    /// A path; empty is none.
    Path,
    /// `prod`, `test`, `lab` or an own word of up to five letters.
    ServerKind,
    /// Any text; empty is none.
    Text,
    /// The name of a theme, or `{ dark = "…", light = "…" }`.
    Theme,
    /// A duration within bounds, both included.
    Time {
        /// How a bare number is meant.
        unit: Unit,
        /// The shortest.
        least: Duration,
        /// The longest.
        most: Duration,
        /// Is zero (off, never) allowed beside the bounds?
        zero: bool,
    },
    /// Where a server's token is: never the token itself.
    Token,
    /// An https address, or http to this machine.
    Url,
}

/// How a bare number is meant where a duration is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Not at all, except 0.
    Written,
    /// In seconds.
    Seconds,
    /// In milliseconds.
    Milliseconds,
}

impl Kind {
    /// Returns the value as the field takes it, or `None` if it is of another type or out of range.
    pub(super) fn accept(self, value: Value) -> Option<Value> {
        match (self, value) {
            (Self::Time { unit, least, most, zero }, value) => {
                let duration = unit.duration(&value)?;
                let fits = (least..=most).contains(&duration) || zero && duration.is_zero();
                fits.then_some(Value::Time(duration))
            }
            (kind, value) => kind.takes(&value).then_some(value),
        }
    }

    fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Bool, Value::Bool(_))
            | (Self::Keys | Self::List, Value::List(_))
            | (Self::Path | Self::Text, Value::Text(_)) => true,
            (Self::Integer { least, most }, Value::Integer(number)) => (least..=most).contains(number),
            (Self::Choice(words), Value::Text(text)) => words.contains(&text.as_str()),
            (Self::Keys, Value::Text(key)) => !key.is_empty(),
            (Self::ServerKind, value) => ServerKind::from_value(value).is_some(),
            (Self::Theme, Value::Text(name)) => !name.is_empty(),
            (Self::Theme, Value::Themes { dark, light }) => !dark.is_empty() && !light.is_empty(),
            (Self::Token, value) => TokenSource::from_value(value).is_some(),
            (Self::Url, Value::Text(address)) => url::fault(address).is_none(),
            _ => false,
        }
    }

    /// Takes a value as it is typed: in the environment, in a flag, in `config set`.
    pub(super) fn parse(self, typed: &str) -> Option<Value> {
        let typed = typed.trim();
        let value = match self {
            Self::Bool => Value::Bool(parse_bool(typed)?),
            Self::Integer { .. } => Value::Integer(typed.parse().ok()?),
            Self::Time { .. } => typed.parse().map_or_else(|_| Value::Text(typed.to_owned()), Value::Integer),
            Self::List => parse_toml(typed)?,
            Self::Keys if typed.starts_with('[') => parse_toml(typed)?,
            Self::Theme if typed.starts_with('{') => parse_toml(typed)?,
            _ => Value::Text(typed.to_owned()),
        };
        self.accept(value)
    }

    /// The value as the file writes it for this kind.
    pub(super) fn write(self, value: &Value) -> String {
        match (self, value) {
            (Self::Time { unit: Unit::Seconds, .. }, Value::Time(time)) if time.subsec_nanos() == 0 => {
                time.as_secs().to_string()
            }
            (Self::Time { unit: Unit::Milliseconds, .. }, Value::Time(time)) => time.as_millis().to_string(),
            _ => value.to_toml(),
        }
    }

    /// What the key takes, in words that follow "must be".
    pub fn expected(self) -> String {
        match self {
            Self::Bool => "true or false".to_owned(),
            Self::Choice(words) => format!("one of {}", words.join(", ")),
            Self::Integer { least, most } => format!("a whole number from {least} to {most}"),
            Self::Keys => r#"a key or a list of keys such as ["enter", "c"]"#.to_owned(),
            Self::List => r#"a list of texts such as ["program", "argument"]"#.to_owned(),
            Self::Path => "a path".to_owned(),
            Self::ServerKind => "prod, test, lab or a word of up to 5 letters".to_owned(),
            Self::Text => "a text".to_owned(),
            Self::Theme => r#"the name of a theme or { dark = "…", light = "…" }"#.to_owned(),
            Self::Time { unit, least, most, zero } => unit.expected(least..=most, zero),
            Self::Token => "keyring, vault, device, file:/path, command:… or systemd:NAME".to_owned(),
            Self::Url => "an https address".to_owned(),
        }
    }
}

impl Unit {
    fn duration(self, value: &Value) -> Option<Duration> {
        match (self, value) {
            (_, Value::Time(duration)) => Some(*duration),
            (_, Value::Text(text)) => parse_duration(text),
            (_, Value::Integer(0)) => Some(Duration::ZERO),
            (Self::Seconds, Value::Integer(number)) => u64::try_from(*number).ok().map(Duration::from_secs),
            (Self::Milliseconds, Value::Integer(number)) => {
                u64::try_from(*number).ok().map(Duration::from_millis)
            }
            _ => None,
        }
    }

    fn expected(self, bounds: std::ops::RangeInclusive<Duration>, zero: bool) -> String {
        let (least, most) = (bounds.start(), bounds.end());
        let or_zero = if zero { ", or 0" } else { "" };
        match self {
            Self::Written => {
                let (least, most) = (print_duration(*least), print_duration(*most));
                format!("a time such as \"30s\", from \"{least}\" to \"{most}\"{or_zero}")
            }
            Self::Seconds => format!("seconds from {} to {}{or_zero}", least.as_secs(), most.as_secs()),
            Self::Milliseconds => {
                format!("milliseconds from {} to {}{or_zero}", least.as_millis(), most.as_millis())
            }
        }
    }
}

fn parse_bool(typed: &str) -> Option<bool> {
    match typed.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

fn parse_toml(typed: &str) -> Option<Value> {
    Value::from_toml(DeValue::parse(typed).ok()?.get_ref())
}
