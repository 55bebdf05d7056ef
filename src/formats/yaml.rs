//! The little of YAML that a list of items with texts needs: `key: value` lines, items that begin with a dash, and the
//! four spellings of a text. Nothing else of YAML is read: no anchors, no flow collections, no documents.

use zeroize::Zeroizing;

/// One line that says something.
pub(super) struct Line<'t> {
    /// Its number, from 1.
    pub(super) number: usize,
    /// How far its key is indented, the dash counted as indentation of its item: 0 for what stands at the margin.
    pub(super) depth: usize,
    /// Whether a dash stands before it.
    pub(super) begins_item: bool,
    /// The key.
    pub(super) key: &'t str,
    /// The text; empty where an item or nothing follows.
    pub(super) value: Zeroizing<String>,
}

/// The lines of a text; the number of the first one that is none of ours ends it.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Result<Line<'_>, usize>> {
    let mut rest = (1..).zip(text.lines()).peekable();
    let mut broken = false;
    std::iter::from_fn(move || {
        while !broken {
            let (number, line) = rest.next()?;
            let bare = line.trim_start_matches(' ');
            if bare.is_empty() || bare.starts_with('#') || bare == "---" {
                continue;
            }
            let depth = line.len() - bare.len();
            let (begins_item, pair) = bare.strip_prefix("- ").map_or((false, bare), |pair| (true, pair));
            let column = depth + if begins_item { 2 } else { 0 };
            let read = pair.split_once(':').and_then(|(key, value)| {
                let mut block = |chomped: bool| {
                    let mut lines = Vec::new();
                    while let Some((_, line)) = rest.next_if(|(_, line)| is_inside(line, column)) {
                        lines.push(line.trim_start_matches(' '));
                    }
                    Zeroizing::new(lines.join("\n") + if chomped { "" } else { "\n" })
                };
                let value = match value.trim() {
                    "|-" => block(true),
                    "|" | "|+" => block(false),
                    value => scalar(value)?,
                };
                Some(Line { number, depth, begins_item, key, value })
            });
            broken = read.is_none();
            return Some(read.ok_or(number));
        }
        None
    })
}

fn is_inside(line: &str, column: usize) -> bool {
    line.is_empty() || line.bytes().take_while(|byte| *byte == b' ').count() > column
}

/// A text as it stands, in single or in double quotes.
fn scalar(text: &str) -> Option<Zeroizing<String>> {
    if let Some(inside) = text.strip_prefix('\'') {
        return Some(Zeroizing::new(inside.strip_suffix('\'')?.replace("''", "'")));
    }
    if let Some(inside) = text.strip_prefix('"') {
        return escaped(inside.strip_suffix('"')?);
    }
    let plain = !text.starts_with(['&', '*', '!', '|', '>', '{', '%', '@', '`']);
    let empty = matches!(text, "[]" | "null" | "~");
    (plain && (empty || !text.starts_with('[')))
        .then(|| Zeroizing::new(if empty { "" } else { text }.to_owned()))
}

fn escaped(text: &str) -> Option<Zeroizing<String>> {
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let next = if character == '\\' { characters.next()? } else { '\0' };
        plain.push(match (character, next) {
            ('\\', 'n') => '\n',
            ('\\', 't') => '\t',
            ('\\', 'r') => '\r',
            ('\\', 'e') => '\u{1b}',
            ('\\', '0') => '\0',
            ('\\', 'a') => '\u{7}',
            ('\\', 'b') => '\u{8}',
            ('\\', 'v') => '\u{b}',
            ('\\', 'f') => '\u{c}',
            ('\\', 'N') => '\u{85}',
            ('\\', '_') => '\u{a0}',
            ('\\', 'L') => '\u{2028}',
            ('\\', 'P') => '\u{2029}',
            ('\\', other @ ('"' | '\\' | '/' | ' ')) => other,
            ('\\', length @ ('x' | 'u' | 'U')) => {
                let count = match length {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let digits: String = characters.by_ref().take(count).collect();
                char::from_u32(u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == count)?)?
            }
            ('\\', _) => return None,
            (other, _) => other,
        });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_in_four_spellings_and_nothing_else_is_taken() {
        let text = "- name: a: 'b' #c\n  x: 'it''s'\n  y: \"\\u00e9\\\"\\n\"\n  z: |-\n    one\n    two\n- name: []\n";
        let read: Vec<_> =
            lines(text).map(Result::unwrap).map(|line| (line.begins_item, line.value)).collect();
        let read: Vec<_> = read.iter().map(|(begins, value)| (*begins, value.as_str())).collect();
        let expected =
            [(true, "a: 'b' #c"), (false, "it's"), (false, "é\"\n"), (false, "one\ntwo"), (true, "")];
        assert_eq!(read, expected);
        for text in ["x: &a 1", "x: *a", "x: {a: 1}", "x: \"\\q\"", "x: 'open", "x: [1, 2]", "no pair"] {
            assert_eq!(lines(text).map(Result::err).collect::<Vec<_>>(), [Some(1)], "{text}");
        }
    }
}
