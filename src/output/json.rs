//! JSON that keeps every character and still cannot move a terminal.

use std::fmt::Write;

/// Writes every character outside printable ASCII as `\uXXXX` where a terminal could act upon it or a reader not
/// see it; letters of all scripts stay. The text must be JSON, whose structure is plain ASCII.
pub fn ascii_safe(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() && (c != '\u{7f}') || c.is_alphanumeric() {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_escaped_and_come_back() {
        let text = "株式 \u{202e}x\u{9b}\u{7f}\u{e0041}👍";
        let json = serde_json::to_string(text).unwrap();
        let safe = ascii_safe(&json);
        assert_eq!(safe, r#""株式 \u202ex\u009b\u007f\udb40\udc41\ud83d\udc4d""#);
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
    }
}
