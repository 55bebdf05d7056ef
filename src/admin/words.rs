//! What somebody types into a filter, word by word. Pure.

/// One word: a key with its value, or a word alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// `state:locked`
    Key(String, String),
    /// `turing`
    Free(String),
}

impl Word {
    /// As a part of a filter means it.
    pub fn of(part: &str) -> Self {
        let part = part.replace('"', "");
        match part.split_once(':') {
            Some((key, value)) if !key.is_empty() => Self::Key(key.to_ascii_lowercase(), value.to_owned()),
            _ => Self::Free(part),
        }
    }
}

/// The words of a filter.
pub fn words(text: &str) -> Vec<Word> {
    parts(text).into_iter().map(Word::of).collect()
}

/// Divided by blanks; what stands between quotation marks is one part, and keeps them.
pub fn parts(text: &str) -> Vec<&str> {
    let mut quoted = false;
    let divides = |character: char| {
        quoted ^= character == '"';
        character.is_whitespace() && !quoted
    };
    text.split(divides).filter(|part| !part.is_empty()).collect()
}

/// A span in seconds: `90s`, `30m`, `2h`, `7d`, `2w`.
pub fn span(text: &str) -> Option<i64> {
    let unit = text.chars().last()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    };
    text[..text.len() - unit.len_utf8()].parse::<u32>().ok().map(|count| i64::from(count) * seconds)
}

/// A range of numbers: `3`, `>3`, `>=3`, `<3`, `<=3`, `1-5`; each number is read by `number`.
pub fn range(text: &str, number: fn(&str) -> Option<i64>) -> Option<(i64, i64)> {
    if let Some(rest) = text.strip_prefix(">=") {
        Some((number(rest)?, i64::MAX))
    } else if let Some(rest) = text.strip_prefix("<=") {
        Some((i64::MIN, number(rest)?))
    } else if let Some(rest) = text.strip_prefix('>') {
        Some((number(rest)?.checked_add(1)?, i64::MAX))
    } else if let Some(rest) = text.strip_prefix('<') {
        Some((i64::MIN, number(rest)?.checked_sub(1)?))
    } else if let Some((from, to)) = text.split_once('-') {
        Some((number(from)?, number(to)?))
    } else {
        number(text).map(|exact| (exact, exact))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_keys_or_free_and_quotation_marks_hold_them_together() {
        let key = |key: &str, value: &str| Word::Key(key.into(), value.into());
        assert_eq!(
            words("tur STATE:locked name:\"Al an\""),
            [Word::Free("tur".into()), key("state", "locked"), key("name", "Al an")]
        );
        assert_eq!(words("  "), []);
    }

    #[test]
    fn ranges_take_numbers_and_spans() {
        let number = |text: &str| text.parse().ok();
        assert_eq!(range(">3", number), Some((4, i64::MAX)));
        assert_eq!(range("1-5", number), Some((1, 5)));
        assert_eq!(range("<7d", span), Some((i64::MIN, 604_799)));
        assert_eq!((range("x", number), span("7y"), span("é")), (None, None, None));
    }
}
