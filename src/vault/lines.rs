//! The lines inside a vault: TOML in one canonical shape, `key = value`, each value on its own line.
//!
//! Reading one value touches that line alone, which is why a code out of 10,000 accounts costs no parse of 10,000.
//! Values with escapes, arrays and tables go through the TOML library. What the keys mean is `account`'s business.

use std::{borrow::Cow, collections::BTreeMap, fmt::Write as _};

use jiff::Timestamp;

/// A value that is not what its key needs. Says which key, never the value: it may be a secret.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the value of \"{key}\" is not {expected}")]
pub struct BadValue {
    /// The key of the line.
    pub key: String,
    /// What stands there in a vault that is whole.
    pub expected: &'static str,
}

/// The key lines of one block, as they stand in the vault.
#[derive(Clone, Copy)]
pub struct Fields<'a>(&'a str);

impl<'a> Fields<'a> {
    /// Takes the text between two block heads.
    pub fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The text as it stands.
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// Every line as key and raw value, in the order of the file.
    pub fn lines(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.lines().filter_map(key_and_value)
    }

    /// The raw value of a key. Looks at the beginnings of lines alone: a query asks this of every account.
    pub fn raw(self, key: &str) -> Option<&'a str> {
        self.find(key).map(|(value, _)| value)
    }

    /// A string, empty when the key is not there or holds none, and the lines behind it; all lines when it is not
    /// there.
    pub fn text_and_rest(self, key: &str) -> (Cow<'a, str>, Self) {
        match self.find(key) {
            Some((raw, rest)) => (text_of(key, raw).unwrap_or_default(), Self(rest)),
            None => (Cow::Borrowed(""), self),
        }
    }

    fn find(self, key: &str) -> Option<(&'a str, &'a str)> {
        let mut rest = self.0;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
            let (line, next) = (&rest[..end], rest.get(end + 1..).unwrap_or_default());
            if let Some(value) = line.strip_prefix(key).and_then(|rest| rest.strip_prefix(" = ")) {
                return Some((value, next));
            }
            rest = next;
        }
        None
    }

    /// A string, `None` when the key is not there.
    pub fn text(self, key: &str) -> Result<Option<Cow<'a, str>>, BadValue> {
        self.raw(key).map(|raw| text_of(key, raw)).transpose()
    }

    /// A string, empty when the key is not there.
    pub fn text_or_empty(self, key: &str) -> Result<Cow<'a, str>, BadValue> {
        Ok(self.text(key)?.unwrap_or_default())
    }

    /// A whole number.
    pub fn integer(self, key: &str) -> Result<Option<i64>, BadValue> {
        self.raw(key).map(|raw| raw.parse().map_err(|_| bad(key, "a whole number"))).transpose()
    }

    /// `true`, or `false` also when the key is not there.
    pub fn flag(self, key: &str) -> Result<bool, BadValue> {
        match self.raw(key) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(bad(key, "true or false")),
        }
    }

    /// A time.
    pub fn time(self, key: &str) -> Result<Option<Timestamp>, BadValue> {
        self.raw(key).map(|raw| raw.parse().map_err(|_| bad(key, "a time"))).transpose()
    }

    /// A list of strings, empty when the key is not there.
    pub fn texts(self, key: &str) -> Result<Vec<String>, BadValue> {
        let Some(raw) = self.raw(key) else { return Ok(Vec::new()) };
        Ok(Self::list(key, raw)?.into_iter().map(Cow::into_owned).collect())
    }

    /// The texts of a raw list.
    pub(super) fn list<'b>(key: &str, raw: &'b str) -> Result<Vec<Cow<'b, str>>, BadValue> {
        if let Some(plain) = plain_list(raw) {
            return Ok(plain);
        }
        let toml::Value::Array(items) = value_of(key, raw)? else { return Err(bad(key, "a list of texts")) };
        let text = |item| owned_text(item).map(Cow::Owned).ok_or_else(|| bad(key, "a list of texts"));
        items.into_iter().map(text).collect()
    }

    /// The text of a raw value.
    pub(super) fn value_text<'b>(key: &str, raw: &'b str) -> Result<Cow<'b, str>, BadValue> {
        text_of(key, raw)
    }

    /// A table of times, empty when the key is not there.
    pub fn times(self, key: &str) -> Result<BTreeMap<String, Timestamp>, BadValue> {
        let Some(raw) = self.raw(key) else { return Ok(BTreeMap::new()) };
        let toml::Value::Table(table) = value_of(key, raw)? else { return Err(bad(key, "a table of times")) };
        let time = |value: &toml::Value| value.as_datetime().and_then(|time| time.to_string().parse().ok());
        let pair = |(name, value): (String, toml::Value)| Some((name, time(&value)?));
        table.into_iter().map(|entry| pair(entry).ok_or_else(|| bad(key, "a table of times"))).collect()
    }
}

/// A key holds no equals sign, so the first one divides the line.
fn key_and_value(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_at_checked(memchr::memchr(b'=', line.as_bytes())?)?;
    Some((key.strip_suffix(' ')?, value.strip_prefix("= ")?))
}

/// Reads one raw value with the TOML library.
pub fn value_of(key: &str, raw: &str) -> Result<toml::Value, BadValue> {
    let table: Option<toml::Table> = format!("v = {raw}").parse().ok();
    table.and_then(|mut table| table.remove("v")).ok_or_else(|| bad(key, "TOML"))
}

/// A list as it is written here, of texts without escapes; `None` for any other.
fn plain_list(raw: &str) -> Option<Vec<Cow<'_, str>>> {
    let inner = raw.strip_prefix("[\"")?.strip_suffix("\"]")?;
    let texts: Vec<Cow<'_, str>> = inner.split("\", \"").map(Cow::Borrowed).collect();
    texts.iter().all(|text| memchr::memchr2(b'\\', b'"', text.as_bytes()).is_none()).then_some(texts)
}

fn text_of<'a>(key: &str, raw: &'a str) -> Result<Cow<'a, str>, BadValue> {
    let inner = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(plain) if memchr::memchr2(b'\\', b'"', plain.as_bytes()).is_none() => Ok(Cow::Borrowed(plain)),
        Some(_) => owned_text(value_of(key, raw)?).map(Cow::Owned).ok_or_else(|| bad(key, "a text")),
        None => Err(bad(key, "a text")),
    }
}

fn owned_text(value: toml::Value) -> Option<String> {
    if let toml::Value::String(text) = value { Some(text) } else { None }
}

fn bad(key: &str, expected: &'static str) -> BadValue {
    BadValue { key: key.to_owned(), expected }
}

/// Writes a string as a basic TOML string on one line: quotes, backslashes and control characters escaped.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_quoted(&mut out, text);
    out
}

/// Appends a text as [`quoted`] writes it.
pub fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    let is_plain = |byte: u8| (b' '..0x7f).contains(&byte) && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        out.push_str(text);
        out.push('"');
        return;
    }
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Writes a list of strings on one line.
pub fn quoted_list<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = texts.into_iter().map(|text| quoted(text.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

/// Writes times as an inline table. The names are keys of ours, so they need no quotes.
pub fn table_of_times(times: &BTreeMap<String, Timestamp>) -> String {
    let items: Vec<String> = times.iter().map(|(name, time)| format!("{name} = {time}")).collect();
    format!("{{ {} }}", items.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_each_kind_of_value() {
        let fields = Fields::new(
            "issuer = \"Git \\\"Hub\\\"\"\ndigits = 8\nfavourite = true\ncreated = 2026-11-20T14:52:00Z\n\
             tags = [\"work\", \"git\"]\nchanged = { note = 2026-11-20T14:52:00.5Z }\n",
        );
        assert_eq!(fields.text("issuer").unwrap().unwrap(), "Git \"Hub\"");
        assert_eq!(fields.integer("digits"), Ok(Some(8)));
        assert_eq!(fields.flag("favourite"), Ok(true));
        assert_eq!(fields.time("created").unwrap().unwrap().as_second(), 1_795_186_320);
        assert_eq!(fields.texts("tags").unwrap(), ["work", "git"]);
        assert_eq!(fields.times("changed").unwrap()["note"].subsec_millisecond(), 500);
        assert_eq!(fields.text("note"), Ok(None));
    }

    #[test]
    fn a_wrong_value_names_its_key_and_not_itself() {
        let error = Fields::new("secret = 17\n").text("secret").unwrap_err();
        assert_eq!(error.to_string(), "the value of \"secret\" is not a text");
        assert!(Fields::new("period = \"x\"\n").integer("period").is_err());
        assert!(Fields::new("tags = \"x\"\n").texts("tags").is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_one_line_and_comes_back(text in any::<String>()) {
            let line = format!("note = {}\n", quoted(&text));
            prop_assert_eq!(line.lines().count(), 1);
            let fields = Fields::new(&line);
            prop_assert_eq!(fields.text("note").unwrap().unwrap(), text.as_str());
            let whole: toml::Table = line.parse().unwrap();
            prop_assert_eq!(whole["note"].as_str().unwrap(), text);
        }

        #[test]
        fn any_list_comes_back(texts in proptest::collection::vec(any::<String>(), 0..4)) {
            let line = format!("tags = {}\n", quoted_list(&texts));
            prop_assert_eq!(Fields::new(&line).texts("tags").unwrap(), texts);
        }
    }
}
