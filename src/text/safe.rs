//! The one sanitiser: what a terminal would obey, or a reader could not see, becomes visible.
//!
//! It acts on output only. Cutting to a width is in `width`.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};

/// Returns `text` in NFC with everything that is not plainly visible replaced by a visible escape.
///
/// Escaped are control and format characters, line and paragraph separators, bidi controls, tags, all that
/// Unicode calls ignorable (zero width), private and unassigned characters: C0 and DEL as `\x1b`, the others
/// as `\u{202E}`. A joiner or variation selector inside an emoji stays. A base keeps at most four combining
/// marks; a mark without a base is escaped, or it would fall on the character before the text. A literal
/// backslash stays a backslash, so the result is for eyes and cannot be turned back.
///
/// The result has no control byte and is unchanged by a second pass.
///
/// ```
/// use sesam::text::safe;
/// assert_eq!(safe("GitHub"), "GitHub");
/// assert_eq!(safe("a\x1b]52;c;\x07"), r"a\x1b]52;c;\x07");
/// assert_eq!(safe("evil\u{202E}moc"), r"evil\u{202E}moc");
/// ```
pub fn safe(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut pen = Pen::new(text.len());
    let mut characters = text.nfc().peekable();
    while let Some(character) = characters.next() {
        pen.write(character, characters.peek().copied());
    }
    Cow::Owned(pen.out)
}

/// Whether a text has nothing but printable ASCII and the narrow symbols that screens are drawn with: each character
/// is safe, one grapheme, and one column wide.
pub fn is_plain(text: &str) -> bool {
    let symbol =
        |char| matches!(char, '\u{2190}'..='\u{2193}' | '\u{2500}'..='\u{259f}' | '\u{25b0}'..='\u{25b2}');
    let other = |char| {
        matches!(char, '\u{b7}' | '\u{d7}' | '\u{2022}' | '\u{2026}' | '\u{203a}' | '\u{2605}' | '\u{2713}')
    };
    text.chars().all(|char| matches!(char, ' '..='~') || symbol(char) || other(char))
}

/// [`safe`] for a text of several lines: the line breaks stay.
pub fn safe_lines(text: &str) -> String {
    text.split('\n').map(safe).collect::<Vec<_>>().join("\n")
}

/// Is `character` one that a reader cannot see, or that a terminal acts upon?
pub(super) fn is_hidden(character: char) -> bool {
    use GeneralCategory as G;
    let category = character.general_category();
    matches!(
        category,
        G::Control
            | G::Format
            | G::LineSeparator
            | G::ParagraphSeparator
            | G::PrivateUse
            | G::Surrogate
            | G::Unassigned
    ) || is_ignorable(character)
}

/// What stands before the character being written.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    /// An emoji that may take a variation selector.
    Emoji,
    /// An escape, or the start: nothing that a mark may sit on. (A mark after `\x1b` would even join the `b`.)
    Escape,
    /// The joiner between two emoji.
    Joiner,
    /// A digit, `#` or `*`.
    KeycapBase,
    Plain,
    /// An emoji with its variation selector.
    StyledEmoji,
}

struct Pen {
    out: String,
    before: Before,
    /// Combining marks on the current base.
    marks: usize,
    /// Joiners in the current emoji sequence.
    joiners: usize,
}

impl Pen {
    fn new(capacity: usize) -> Self {
        Self { out: String::with_capacity(capacity), before: Before::Escape, marks: 0, joiners: 0 }
    }

    fn write(&mut self, character: char, next: Option<char>) {
        match character {
            EMOJI_STYLE if self.may_style(next) => self.put(character, Before::StyledEmoji),
            JOINER if self.may_join(next) => {
                self.joiners += 1;
                self.put(character, Before::Joiner);
            }
            hidden if is_hidden(hidden) => self.escape(hidden),
            mark if is_combining_mark(mark) => self.mark(mark),
            base => self.base(base),
        }
    }

    fn put(&mut self, character: char, before: Before) {
        self.out.push(character);
        self.before = before;
    }

    fn base(&mut self, base: char) {
        self.marks = 0;
        if self.before != Before::Joiner {
            self.joiners = if is_skin_tone(base) { self.joiners } else { 0 };
        }
        self.put(base, Before::after(base));
    }

    fn mark(&mut self, mark: char) {
        if self.before == Before::Escape || self.marks == MARKS_PER_BASE {
            return self.escape(mark);
        }
        self.marks += 1;
        self.put(mark, Before::Plain);
    }

    fn escape(&mut self, character: char) {
        let code = u32::from(character);
        let written = if character.is_ascii() {
            write!(self.out, "\\x{code:02x}")
        } else {
            write!(self.out, "\\u{{{code:X}}}")
        };
        written.expect("writing to a String does not fail");
        self.before = Before::Escape;
    }

    fn may_style(&self, next: Option<char>) -> bool {
        match self.before {
            Before::Emoji => true,
            Before::KeycapBase => next == Some(KEYCAP),
            _ => false,
        }
    }

    fn may_join(&self, next: Option<char>) -> bool {
        matches!(self.before, Before::Emoji | Before::StyledEmoji)
            && self.joiners < JOINERS_PER_EMOJI
            && next.is_some_and(|next| Before::after(next) == Before::Emoji && !is_hidden(next))
    }
}

impl Before {
    fn after(base: char) -> Self {
        match base {
            '0'..='9' | '#' | '*' => Self::KeycapBase,
            emoji if emoji.is_emoji_char() => Self::Emoji,
            _ => Self::Plain,
        }
    }
}

fn is_skin_tone(character: char) -> bool {
    matches!(character, '\u{1F3FB}'..='\u{1F3FF}')
}

/// `Default_Ignorable_Code_Point` of Unicode: no ink and no width, whatever the category says.
fn is_ignorable(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

const EMOJI_STYLE: char = '\u{FE0F}';
const JOINER: char = '\u{200D}';
const KEYCAP: char = '\u{20E3}';
/// The longest sequences in use (a family, a kiss) have three.
const JOINERS_PER_EMOJI: usize = 3;
const MARKS_PER_BASE: usize = 4;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_ascii_is_not_copied() {
        assert!(matches!(safe(r"GitHub: a\b (ops) ~"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_a_terminal_obeys_is_spelt_out() {
        let table = [
            ("\x1b[2J", r"\x1b[2J"),
            ("\0\t\r\n\x07\x7f", r"\x00\x09\x0d\x0a\x07\x7f"),
            ("\u{9B}31m", r"\u{9B}31m"),
            ("a\u{202E}b\u{2067}c\u{61C}", r"a\u{202E}b\u{2067}c\u{61C}"),
            ("zero\u{200B}width\u{FEFF}", r"zero\u{200B}width\u{FEFF}"),
            ("tag\u{E0041}\u{E007F}", r"tag\u{E0041}\u{E007F}"),
            ("line\u{2028}para\u{2029}", r"line\u{2028}para\u{2029}"),
            ("own\u{E000}none\u{378}", r"own\u{E000}none\u{378}"),
            ("filler\u{3164}", r"filler\u{3164}"),
        ];
        for (raw, shown) in table {
            assert_eq!(safe(raw), shown, "{raw:?}");
        }
    }

    #[test]
    fn letters_of_the_world_stay() {
        for text in ["Łódź", "Überweisung", "银行", "Ελλάδα", "ธนาคาร", "한국", "हिन्दी", "a\u{A0}b"]
        {
            assert_eq!(safe(text), text);
        }
    }

    #[test]
    fn composes_before_it_counts_marks() {
        assert_eq!(safe("e\u{301}"), "é");
        let zalgo = format!("q{}", "\u{301}".repeat(6));
        assert_eq!(safe(&zalgo), format!("q{}{}", "\u{301}".repeat(4), r"\u{301}\u{301}"));
    }

    #[test]
    fn a_mark_without_base_is_spelt_out() {
        assert_eq!(safe("\u{301}a"), r"\u{301}a");
        assert_eq!(safe("\x1b\u{307}"), r"\x1b\u{307}");
    }

    #[test]
    fn emoji_stay_whole_and_lone_joiners_do_not() {
        for emoji in ["👨‍👩‍👧‍👦", "❤️", "1️⃣", "👩🏽‍🚒", "🏳️‍🌈", "🇩🇪"]
        {
            assert_eq!(safe(emoji), emoji);
        }
        assert_eq!(safe("a\u{200D}b"), r"a\u{200D}b");
        assert_eq!(safe("👨\u{200D}b"), r"👨\u{200D}b");
        assert_eq!(safe("1\u{FE0F}"), r"1\u{FE0F}");
        assert_eq!(safe("❤️\u{FE0F}"), "❤️\\u{FE0F}");
    }

    #[test]
    fn an_endless_emoji_is_stopped() {
        let chain = ["👨"; 6].join("\u{200D}");
        assert_eq!(safe(&chain), r"👨‍👨‍👨‍👨\u{200D}👨‍👨");
    }

    /// Text rich in what the sanitiser cares for; plain `any` would seldom meet it.
    fn nasty() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "a",
            "b",
            "1",
            "=",
            "\\",
            "\x1b",
            "\u{9B}",
            "\u{301}",
            "\u{307}",
            "\u{338}",
            "\u{323}",
            "\u{200D}",
            "\u{FE0F}",
            "\u{20E3}",
            "👨",
            "❤",
            "🏽",
            "\u{1100}",
            "\u{1161}",
            "\u{9C7}",
            "\u{9BE}",
            "\u{202E}",
            "\u{E0041}",
            "\u{E000}",
            "\u{115F}",
        ]);
        prop_oneof![any::<String>(), prop::collection::vec(pieces, 0..24).prop_map(|all| all.concat())]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn no_control_byte_and_stable(text in nasty()) {
            let once = safe(&text).into_owned();
            prop_assert!(!once.chars().any(char::is_control), "{once:?}");
            prop_assert!(once.chars().all(|c| !is_hidden(c) || c == JOINER || c == EMOJI_STYLE), "{once:?}");
            prop_assert_eq!(safe(&once), once.as_str());
        }
    }
}
