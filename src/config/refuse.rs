//! What no configuration may hold, wherever it stands: secrets, and addresses that are never used.
//!
//! It looks at the whole file, known keys or not: a token under a mistyped table is still a token.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::ConfigError;
use super::origin::Origin;
use super::toml_text::Lines;
use super::url::{self, UrlFault};
use super::value::Value;

/// Fails at the first secret or forbidden address of the file.
pub(super) fn refuse(document: &DeTable<'_>, lines: &Lines<'_>) -> Result<(), ConfigError> {
    for (name, value) in document {
        let is_keys = name.get_ref() == "keys"; // its names are actions
        if !is_keys {
            refuse_value(name.get_ref(), value, lines)?;
        }
    }
    Ok(())
}

/// What is wrong with this value for a key of this name, in the file or in `config set`.
pub(super) fn fault(name: &str, value: &Value) -> Option<Fault> {
    if is_secret_name(name) && is_secret(value) {
        return Some(Fault::Secret);
    }
    match value {
        Value::Text(address) if name == "url" => url::fault(address).map(Fault::Url),
        _ => None,
    }
}

/// Why a value is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Secret,
    Url(UrlFault),
}

impl Fault {
    pub(super) fn into_error(self, origin: Origin, key: &str) -> ConfigError {
        let key = key.to_owned();
        match self {
            Self::Secret => ConfigError::Secret { origin, key },
            Self::Url(fault) => ConfigError::Url { origin, key, fault },
        }
    }
}

fn refuse_value(path: &str, value: &Spanned<DeValue<'_>>, lines: &Lines<'_>) -> Result<(), ConfigError> {
    let name = path.rsplit('.').next().unwrap_or(path);
    match value.get_ref() {
        DeValue::Table(table) => {
            for (inner, value) in table {
                refuse_value(&format!("{path}.{}", inner.get_ref()), value, lines)?;
            }
            Ok(())
        }
        DeValue::Array(items) => items.iter().try_for_each(|item| refuse_value(path, item, lines)),
        plain => {
            // A date or a fraction has no place as a value here, but may well be somebody's password.
            let value_here = Value::from_toml(plain).unwrap_or(Value::Integer(0));
            let Some(fault) = fault(name, &value_here) else {
                return Ok(());
            };
            Err(fault.into_error(Origin::File(lines.place(value.span().start)), path))
        }
    }
}

fn is_secret_name(name: &str) -> bool {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    SECRET_NAMES.contains(&plain.as_str())
}

/// All but a switch, nothing, and the name of a place.
fn is_secret(value: &Value) -> bool {
    match value {
        Value::Bool(_) => false,
        Value::Text(text) => !text.is_empty() && !names_a_place(text),
        _ => true,
    }
}

/// A misspelt place (`file:relative`) is none to use, but no secret either.
fn names_a_place(text: &str) -> bool {
    ["device", "keyring", "vault"].contains(&text)
        || ["file:", "command:", "systemd:"].iter().any(|place| text.starts_with(place))
}

/// In lower case, letters and digits alone: `client_secret`, `clientSecret` and `client-secret` are one.
const SECRET_NAMES: [&str; 12] = [
    "accesstoken",
    "apikey",
    "apitoken",
    "bearertoken",
    "clientsecret",
    "passphrase",
    "passwd",
    "password",
    "refreshtoken",
    "secret",
    "servicetoken",
    "token",
];
