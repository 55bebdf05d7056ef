//! A setting's value between the file and the field. Which values a key takes is in `kind`.

use std::path::PathBuf;
use std::time::Duration;

use toml::de::DeValue;

use super::duration::print_duration;

/// A value that TOML can hold and some key takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A list of texts.
    List(Vec<String>),
    /// A text.
    Text(String),
    /// `{ dark = "…", light = "…" }`.
    Themes {
        /// On a dark background.
        dark: String,
        /// On a light background.
        light: String,
    },
    /// A duration that the file writes as a text (`"5m"`).
    Time(Duration),
}

impl Value {
    /// Takes what the parser gives; `None` for dates, fractions, mixed lists and other tables.
    pub(super) fn from_toml(value: &DeValue<'_>) -> Option<Self> {
        match value {
            DeValue::Boolean(flag) => Some(Self::Bool(*flag)),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).ok().map(Self::Integer)
            }
            DeValue::String(text) => Some(Self::Text(text.to_string())),
            DeValue::Array(items) => items
                .iter()
                .map(|item| item.get_ref().as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .map(Self::List),
            DeValue::Table(table) => {
                let text = |name: &str| table.get(name)?.get_ref().as_str().map(str::to_owned);
                let themes = Self::Themes { dark: text("dark")?, light: text("light")? };
                (table.len() == 2).then_some(themes)
            }
            DeValue::Float(_) | DeValue::Datetime(_) => None,
        }
    }

    /// The value as the file writes it.
    pub fn to_toml(&self) -> String {
        let quoted = |text: &str| toml_edit::Value::from(text).to_string();
        match self {
            Self::Bool(flag) => flag.to_string(),
            Self::Integer(number) => number.to_string(),
            Self::List(items) => {
                format!("[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", "))
            }
            Self::Text(text) => quoted(text),
            Self::Themes { dark, light } => {
                format!("{{ dark = {}, light = {} }}", quoted(dark), quoted(light))
            }
            Self::Time(duration) => quoted(&print_duration(*duration)),
        }
    }
}

/// A type that a field of the settings can have.
pub(super) trait Setting: Sized {
    /// `None` where the key's kind and the field's type disagree.
    fn from_value(value: &Value) -> Option<Self>;
}

/// Puts `value` into a field; false if it is none for it.
pub(super) fn put<T: Setting>(field: &mut T, value: &Value) -> bool {
    T::from_value(value).map(|value| *field = value).is_some()
}

impl Setting for bool {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Bool(flag) = value { Some(*flag) } else { None }
    }
}

impl Setting for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Integer(number) = value { Some(*number) } else { None }
    }
}

impl Setting for u32 {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value)?.try_into().ok()
    }
}

impl Setting for u8 {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value)?.try_into().ok()
    }
}

impl Setting for String {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text.clone()) } else { None }
    }
}

impl Setting for Vec<String> {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::List(items) = value { Some(items.clone()) } else { None }
    }
}

/// An empty text is none.
impl Setting for Option<String> {
    fn from_value(value: &Value) -> Option<Self> {
        String::from_value(value).map(|text| Some(text).filter(|text| !text.is_empty()))
    }
}

/// An empty text is none.
impl Setting for Option<PathBuf> {
    fn from_value(value: &Value) -> Option<Self> {
        Option::<String>::from_value(value).map(|text| text.map(PathBuf::from))
    }
}

impl Setting for Duration {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Time(duration) = value { Some(*duration) } else { None }
    }
}

/// Zero is never.
impl Setting for Option<Duration> {
    fn from_value(value: &Value) -> Option<Self> {
        Duration::from_value(value).map(|duration| Some(duration).filter(|duration| !duration.is_zero()))
    }
}
