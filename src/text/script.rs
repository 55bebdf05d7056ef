//! Whether a word mixes scripts to look like another one. Marking such a name is up to the lists.

use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

/// Does one word of `text` mix Latin with Cyrillic or Greek, as `Pаypal` with a Cyrillic `а` does?
///
/// A word is an unbroken run of letters, digits and marks, so `Ελλάδα-Bank` is two words and fine.
pub fn is_mixed_script(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    text.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)).any(is_mixed_word)
}

/// Is any of it written from right to left?
pub fn is_right_to_left(text: &str) -> bool {
    use Script::{Adlam, Arabic, Hebrew, Mandaic, Nko, Samaritan, Syriac, Thaana};
    let scripts = [Adlam, Arabic, Hebrew, Mandaic, Nko, Samaritan, Syriac, Thaana];
    !text.is_ascii() && text.chars().any(|c| scripts.contains(&c.script()))
}

fn is_mixed_word(word: &str) -> bool {
    let has = |wanted: Script| word.chars().any(|c| c.script() == wanted);
    has(Script::Latin) && (has(Script::Cyrillic) || has(Script::Greek))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_are_seen() {
        for text in ["P\u{430}ypal", "Gith\u{3C5}b", "my \u{410}pple account", "Ωmega", "e\u{301}\u{43E}"] {
            assert!(is_mixed_script(text), "{text}");
        }
    }

    #[test]
    fn honest_names_pass() {
        for text in ["GitHub", "Яндекс Mail", "Ελλάδα-Bank", "Über", "银行bank", "µTorrent", ""]
        {
            assert!(!is_mixed_script(text), "{text}");
        }
    }
}
