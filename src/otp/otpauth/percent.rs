//! Percent encoding (RFC 3986, section 2.1), strict in writing and tolerant in reading.

use std::fmt::Write;

use zeroize::Zeroizing;

/// A decoded text, and whether bytes were lost on the way.
pub(super) struct Decoded {
    pub(super) text: Zeroizing<String>,
    pub(super) lossy: bool,
}

/// What a plus means: itself in a path, a space in a query.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Plus {
    Itself,
    Space,
}

/// Decodes once. A `%` without two hex digits stands for itself; bytes that are no UTF-8 become U+FFFD.
pub(super) fn decode(text: &str, plus: Plus) -> Decoded {
    if !text.bytes().any(|byte| byte == b'%' || byte == b'+') {
        return Decoded { text: Zeroizing::new(text.to_owned()), lossy: false };
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.as_bytes();
    while let Some((byte, tail)) = next_byte(rest, plus) {
        bytes.push(byte);
        rest = tail;
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Decoded { text: Zeroizing::new(text.to_owned()), lossy: false },
        Err(_) => Decoded { text: Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()), lossy: true },
    }
}

/// Appends a text with all but the unreserved characters (RFC 3986, section 2.3) encoded.
pub(super) fn push_encoded(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
}

fn next_byte(text: &[u8], plus: Plus) -> Option<(u8, &[u8])> {
    match text {
        [b'%', high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
            Some((hex_value(*high) << 4 | hex_value(*low), rest))
        }
        [b'+', rest @ ..] if plus == Plus::Space => Some((b' ', rest)),
        [byte, rest @ ..] => Some((*byte, rest)),
        [] => None,
    }
}

fn hex_value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_plus_is_a_space_only_in_a_query() {
        assert_eq!(decode("a+b%2Bc", Plus::Space).text.as_str(), "a b+c");
        assert_eq!(decode("a+b%2Bc", Plus::Itself).text.as_str(), "a+b+c");
    }

    #[test]
    fn tolerates_what_is_not_encoded() {
        for text in ["100%", "%", "%4", "%zz", "%é", "Ä#1"] {
            let decoded = decode(text, Plus::Itself);
            assert_eq!((decoded.text.as_str(), decoded.lossy), (text, false));
        }
        assert_eq!(decode("%c3%a9%C3%A9", Plus::Itself).text.as_str(), "éé");
    }

    #[test]
    fn replaces_what_is_no_utf8_and_says_so() {
        for text in ["%FF%FE", "%C0%80", "%ED%A0%80", "a%E2%82"] {
            let decoded = decode(text, Plus::Itself);
            assert!(decoded.lossy && decoded.text.contains('\u{fffd}'), "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_writes(text in any::<String>()) {
            let mut encoded = String::new();
            push_encoded(&mut encoded, &text);
            prop_assert!(encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
            for plus in [Plus::Itself, Plus::Space] {
                let decoded = decode(&encoded, plus);
                prop_assert_eq!(decoded.text.as_str(), text.as_str());
            }
        }
    }
}
