//! JSON as apps write it: of bounded depth and size, wiped when dropped, and read field by field.
//!
//! A field may be missing, `null`, or a number written as a text; what that means is each format's own.

use std::ops::Deref;

use serde_json::{Map, Value};
use zeroize::Zeroize;

use super::{FormatError, Source};

/// A JSON value whose texts are wiped when it is dropped: some of them are secrets.
pub struct Json(Value);

impl Json {
    /// Reads the whole text of a file of this format.
    ///
    /// # Errors
    /// [`FormatError::Damaged`] with the place, never with what stands there.
    pub fn parse(source: &Source<'_>, format: &'static str) -> Result<Self, FormatError> {
        let damaged = |what: String| FormatError::Damaged { format, what };
        let text = source.text().ok_or_else(|| damaged("it is not text".into()))?;
        check_shape(text).map_err(|what| damaged(what.into()))?;
        serde_json::from_str(text).map(Self).map_err(|error| damaged(in_words(&error)))
    }
}

impl Json {
    /// Reads what was decrypted.
    ///
    /// # Errors
    /// As [`Json::parse`].
    pub fn inside(plain: &[u8], format: &'static str) -> Result<Self, FormatError> {
        Self::parse(&Source::new(plain)?, format)
    }
}

impl Deref for Json {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

impl Drop for Json {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        _ => {}
    }
}

/// The library's own words may repeat a part of the text.
fn in_words(error: &serde_json::Error) -> String {
    let fault = if error.is_eof() { "it is cut off" } else { "it is not JSON" };
    format!("{fault} at line {}, column {}", error.line(), error.column())
}

/// Refuses what would take much memory or stack before it is built.
fn check_shape(text: &str) -> Result<(), &'static str> {
    let (mut depth, mut values, mut in_text, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' | b'[' => (depth, values) = (depth + 1, values + 1),
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err("it is nested more than 64 deep");
        }
    }
    if values > MAX_VALUES { Err("it has more than 2,000,000 values") } else { Ok(()) }
}

/// The fields of one object.
#[derive(Clone, Copy)]
pub struct Fields<'a>(Option<&'a Map<String, Value>>);

impl<'a> Fields<'a> {
    /// The fields of a value; none if it is no object.
    pub fn of(value: &'a Value) -> Self {
        Self(value.as_object())
    }

    /// The value of a key; `None` when it is missing or `null`.
    pub fn value(self, key: &str) -> Option<&'a Value> {
        self.0?.get(key).filter(|value| !value.is_null())
    }

    /// A text; empty when it is missing, `null` or of another type.
    pub fn text(self, key: &str) -> &'a str {
        self.value(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// A number, or a text that may be one, as it stands; `None` when there is nothing in it.
    pub fn number(self, key: &str) -> Option<String> {
        match self.value(key)? {
            Value::String(text) if text.trim().is_empty() => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// A whole number, perhaps written as a text.
    pub fn whole(self, key: &str) -> Option<u64> {
        self.number(key)?.trim().parse().ok()
    }

    /// The fields of an object inside; none when there is none.
    #[must_use]
    pub fn inner(self, key: &str) -> Self {
        Self(self.value(key).and_then(Value::as_object))
    }

    /// `true`; everything else is false.
    pub fn flag(self, key: &str) -> bool {
        self.value(key).and_then(Value::as_bool).unwrap_or_default()
    }

    /// The items of a list; none when it is no list.
    pub fn items(self, key: &str) -> &'a [Value] {
        self.value(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The texts in a list.
    pub fn texts(self, key: &str) -> Vec<String> {
        self.items(key).iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

const MAX_DEPTH: usize = 64;
/// A value takes about 70 bytes, so that this is 140 MB at the most.
const MAX_VALUES: usize = 2_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        let source = Source::new(text.as_bytes()).unwrap();
        Json::parse(&source, "json").err().map_or(String::new(), |error| error.to_string())
    }

    #[test]
    fn bounds_depth_and_number_of_values() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(fault(&nested(64)), "");
        assert!(fault(&nested(65)).ends_with("nested more than 64 deep"));
        assert!(fault(&"[".repeat(16 << 20)).ends_with("nested more than 64 deep"));
        assert!(fault(&format!("[0{}]", ",0".repeat(MAX_VALUES))).contains("values"));
        assert_eq!(fault(&format!("\"{}\\\"[\"", "[{,".repeat(MAX_VALUES))), "");
    }

    #[test]
    fn says_where_and_never_what() {
        assert!(fault("{\"secret\":\"GEZDGNBV").ends_with("it is cut off at line 1, column 19"));
        let error = fault("{\"secret\":\nGEZDGNBV}");
        assert!(error.ends_with("it is not JSON at line 2, column 1") && !error.contains("GEZ"), "{error}");
    }

    #[test]
    fn takes_numbers_that_are_texts() {
        let value =
            serde_json::json!({"a": 30, "b": " 8", "c": null, "d": "", "e": 1.5, "f": true, "g": ["x", 1]});
        let fields = Fields::of(&value);
        let numbers: Vec<_> = ["a", "b", "c", "d", "e"].into_iter().map(|key| fields.number(key)).collect();
        assert_eq!(numbers, [Some("30".into()), Some(" 8".into()), None, None, Some("1.5".into())]);
        assert_eq!(
            (fields.flag("f"), fields.flag("a"), fields.texts("g")),
            (true, false, vec!["x".to_owned()])
        );
        assert_eq!(Fields::of(&value["a"]).text("x"), "");
    }
}
