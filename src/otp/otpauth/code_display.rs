//! Ente's `codeDisplay`: a JSON object with what the app shows beside the code.
//!
//! Read with the `client` feature, which has the JSON reader; a server keeps the text as it stood.

use super::Extras;

/// Takes over what the JSON says; false if it is no object. What is missing or of another type is left out.
#[cfg(feature = "client")]
pub(super) fn fill(extras: &mut Extras) -> bool {
    use serde_json::{Map, Value};

    let Some(text) = &extras.code_display else { return true };
    let Ok(display) = serde_json::from_str::<Map<String, Value>>(text) else { return false };
    let text = |key| display.get(key).and_then(Value::as_str).unwrap_or_default();
    let flag = |key| display.get(key).and_then(Value::as_bool).unwrap_or_default();
    let tags = display.get("tags").and_then(Value::as_array).into_iter().flatten();
    extras.tags.extend(tags.filter_map(Value::as_str).map(str::to_owned));
    extras.favourite = flag("pinned");
    extras.trashed = flag("trashed");
    text("note").clone_into(&mut extras.note);
    if extras.icon.is_empty() {
        text("iconID").clone_into(&mut extras.icon);
    }
    true
}

#[cfg(not(feature = "client"))]
pub(super) fn fill(_: &mut Extras) -> bool {
    true
}

#[cfg(all(test, feature = "client"))]
mod tests {
    use super::*;

    fn filled(json: &str) -> (bool, Extras) {
        let mut extras = Extras { code_display: Some(json.to_owned()), ..Extras::default() };
        (fill(&mut extras), extras)
    }

    #[test]
    fn takes_over_what_ente_shows() {
        let (readable, extras) = filled(
            r#"{"pinned":true,"trashed":true,"lastUsedAt":0,"tapCount":3,"tags":["work","Ä"],"note":"n","iconID":"acme"}"#,
        );
        assert!(readable && extras.favourite && extras.trashed);
        assert_eq!(
            (extras.tags.join(" "), extras.note, extras.icon),
            ("work Ä".into(), "n".into(), "acme".into())
        );
    }

    #[test]
    fn leaves_out_what_has_another_type() {
        let (readable, extras) = filled(r#"{"pinned":"yes","tags":[1,"a",null],"note":null}"#);
        assert!(readable && !extras.favourite);
        assert_eq!((extras.tags, extras.note), (vec!["a".to_owned()], String::new()));
    }

    #[test]
    fn says_what_is_no_object() {
        for json in ["", "null", "[]", "{", &"[".repeat(4000)] {
            assert!(!filled(json).0, "{json}");
        }
    }
}
