//! The little of HTML and XML that the files need: what stands between two tags, and characters written as names.

use zeroize::Zeroizing;

/// What stands between each opening and closing tag.
pub(super) fn between<'t>(
    text: &'t str,
    (open, close): (&'static str, &'static str),
) -> impl Iterator<Item = &'t str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, behind) = rest.split_once(open)?;
        let (inside, after) = behind.split_once(close)?;
        rest = after;
        Some(inside)
    })
}

/// The texts of the preferences that an Android app keeps, with their names.
pub(super) fn preferences(text: &str) -> impl Iterator<Item = (&str, Zeroizing<String>)> {
    between(text, ("<string name=\"", "</string>")).filter_map(|inside| {
        let (name, value) = inside.split_once("\">")?;
        Some((name, unescaped(value)))
    })
}

/// Whether a text is XML in which these words stand.
pub(super) fn is_xml_with(text: &str, words: &[&str]) -> bool {
    text.trim_start().starts_with('<')
        && words.iter().all(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

/// The text with the characters that `&amp;` and its like mean. What is no such name stays as it is.
pub(super) fn unescaped(text: &str) -> Zeroizing<String> {
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        plain.push_str(before);
        let end = behind.bytes().take(LONGEST).position(|byte| byte == b';');
        if let Some((character, end)) = end.and_then(|end| Some((character(&behind[..end])?, end))) {
            plain.push(character);
            rest = &behind[end + 1..];
        } else {
            plain.push('&');
            rest = behind;
        }
    }
    plain.push_str(rest);
    plain
}

fn character(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "apos" => '\'',
        "gt" => '>',
        "lt" => '<',
        "quot" => '"',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    })
}

const LONGEST: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_characters_are_read_and_all_else_stays() {
        assert_eq!(*unescaped("a&amp;b&#39;&#x27;&lt;&gt;&quot;"), "a&b''<>\"");
        assert_eq!(*unescaped("a&b&nope;&;&#xffffffff;&"), "a&b&nope;&;&#xffffffff;&");
        assert_eq!(between("<b>1</b><b>2</b><b>3", ("<b>", "</b>")).collect::<Vec<_>>(), ["1", "2"]);
    }
}
